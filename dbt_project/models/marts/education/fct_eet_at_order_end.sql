-- Education, employment and training of children on the day an order ended, and on the day it began.
with

eet as (

    select * from {{ ref('int_education__eet_at_order_end') }}

),

final as (

    select
        order_key,
        person_key,
        geography_key,
        order_start_date,
        order_end_date,
        order_type_code,
        team_code,
        age_at_start,
        age_at_end,
        is_counted,
        exclusion_code,
        is_of_a_counted_kind,
        is_in_order,
        is_ended_by_rule,
        is_living_here,
        is_school_age,
        hours_needed,
        source_code,
        placements,
        provision_type_code,
        hours_offered,
        hours_attended,
        hours_estimated,
        hours_band_code,
        has_record,
        is_in_eet,
        is_every_placement_suitable,
        is_suitability_known,
        has_known_hours,
        has_enough_hours,
        has_25_hours,
        is_suitable_eet,
        is_suitable_eet_25,
        is_suitable_eet_estimated,
        is_neet,
        status_code,
        reason_code,
        witnesses_disagree,
        is_series_break,
        start_source_code,
        start_status_code,
        start_reason_code,
        start_is_suitable_eet,
        start_is_every_placement_suitable,
        start_is_school_age,
        start_provision_type_code,
        start_hours_offered,
        start_hours_attended,
        start_hours_band_code,
        change_code,
        send_code,
        looked_after_code,
        is_kpi_cohort,
        kpi_reason_code,
        service_code
    from eet
    where
        order_start_date between date '{{ var("yos:calendar_start") }}' and date '{{ var("yos:calendar_end") }}'
        and order_end_date between date '{{ var("yos:calendar_start") }}' and date '{{ var("yos:calendar_end") }}'

)

select * from final
