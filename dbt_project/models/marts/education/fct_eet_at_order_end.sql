-- Orders that ended, and whether the child was in suitable education, employment or training that day.
with

eet as (

    select * from {{ ref('int_education__eet_at_order_end') }}

),

final as (

    select
        order_key,
        person_key,
        geography_key,
        order_end_date,
        order_type_code,
        age_at_end,
        is_counted,
        is_of_a_counted_kind,
        is_in_order,
        is_ended_by_rule,
        is_school_age,
        hours_needed,
        placements,
        hours_a_week,
        has_placement,
        is_every_placement_suitable,
        has_known_hours,
        has_enough_hours,
        is_suitable_eet,
        reason_code,
        service_code
    from eet
    where order_end_date between date '{{ var("yos:calendar_start") }}' and date '{{ var("yos:calendar_end") }}'

)

select * from final
