-- Education, employment and training at the end of an order, the same at its start, and what changed between.
with

order_end as (

    select * from {{ ref('int_education__order_end') }}

),

order_kpi as (

    select * from {{ ref('int_education__order_kpi') }}

),

need as (

    select * from {{ ref('int_education__need_at_order_end') }}

),

status as (

    select * from {{ ref('int_education__status_on_day') }}

),

-- not in education, employment or training; in it without being suitable; suitable
status_rank as (

    select *
    from (
        values ('NEET', 0), ('NOT_SUITABLE', 1), ('SUITABLE', 2)
    ) as listed (status_code, status_rank)

),

final as (

    select
        order_end.order_key,
        order_end.record_id,
        order_end.person_key,
        order_end.geography_key,
        order_end.order_start_date,
        order_end.order_end_date,
        order_end.order_type_code,
        order_end.team_code,
        order_end.age_at_start,
        order_end.age_at_end,
        order_end.is_counted,
        order_end.exclusion_code,
        order_end.is_of_a_counted_kind,
        order_end.is_in_order,
        order_end.is_ended_by_rule,
        order_end.is_living_here,
        at_end.is_school_age,
        at_end.hours_needed,
        at_end.source_code,
        at_end.placements,
        at_end.provision_type_code,
        at_end.hours_offered,
        at_end.hours_attended,
        at_end.hours_estimated,
        at_end.hours_band_code,
        at_end.has_record,
        at_end.is_in_eet,
        at_end.is_every_placement_suitable,
        at_end.is_suitability_known,
        at_end.has_known_hours,
        at_end.has_enough_hours,
        at_end.has_25_hours,
        at_end.is_suitable_eet,
        at_end.is_suitable_eet_25,
        at_end.is_suitable_eet_estimated,
        at_end.is_neet,
        at_end.status_code,
        at_end.reason_code,
        at_end.witnesses_disagree,
        at_end.is_series_break,
        coalesce(at_start.source_code, 'NOT_KNOWN') as start_source_code,
        coalesce(at_start.status_code, 'NOT_KNOWN') as start_status_code,
        coalesce(at_start.reason_code, 'NO_RECORD') as start_reason_code,
        coalesce(at_start.is_suitable_eet, false) as start_is_suitable_eet,
        coalesce(at_start.is_every_placement_suitable, false) as start_is_every_placement_suitable,
        coalesce(at_start.is_school_age, true) as start_is_school_age,
        coalesce(at_start.provision_type_code, 'NOT_KNOWN') as start_provision_type_code,
        at_start.hours_offered as start_hours_offered,
        at_start.hours_attended as start_hours_attended,
        coalesce(at_start.hours_band_code, 'NOT_KNOWN') as start_hours_band_code,
        case
            when rank_at_end.status_rank > rank_at_start.status_rank then 'BETTER'
            when rank_at_end.status_rank < rank_at_start.status_rank then 'WORSE'
            when rank_at_end.status_rank = rank_at_start.status_rank then 'SAME'
            else 'NOT_KNOWN'
        end as change_code,
        coalesce(need.send_code, 'NOT_KNOWN') as send_code,
        coalesce(need.looked_after_code, 'NOT_LOOKED_AFTER') as looked_after_code,
        order_kpi.is_kpi_cohort,
        order_kpi.kpi_reason_code,
        order_end.service_code
    from order_end
    inner join order_kpi on order_end.record_id = order_kpi.record_id
    -- always there; an inner join over two columns is taken for few rows
    left join status as at_end
        on order_end.person_key = at_end.person_key and order_end.order_end_date = at_end.status_date
    left join status as at_start
        on order_end.person_key = at_start.person_key and order_end.order_start_date = at_start.status_date
    left join need on order_end.record_id = need.record_id
    left join status_rank as rank_at_end on at_end.status_code = rank_at_end.status_code
    left join status_rank as rank_at_start on at_start.status_code = rank_at_start.status_code

)

select * from final
