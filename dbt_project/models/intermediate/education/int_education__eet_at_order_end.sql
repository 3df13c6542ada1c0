-- Suitable education, employment or training at the end of an order: one yes/no per reason, so that each
-- "no" can be explained. What is not known is not suitable.
with

order_end as (

    select * from {{ ref('int_education__order_end') }}

),

placement as (

    select * from {{ ref('int_education__placement_at_end') }}

),

summed as (

    select
        order_key,
        count(*)::integer as placements,
        bool_and(is_suitable) as is_every_placement_suitable,
        sum(hours_attended)::numeric(6, 2) as hours_a_week
    from placement
    group by order_key

),

judged as (

    select
        order_end.*,
        coalesce(summed.placements, 0) as placements,
        summed.hours_a_week,
        case
            when order_end.is_school_age then {{ var('yos:school_age_hours') }}
            else {{ var('yos:above_school_age_hours') }}
        end as hours_needed,
        coalesce(summed.placements > 0, false) as has_placement,
        summed.hours_a_week is not null as has_known_hours,
        coalesce(summed.is_every_placement_suitable, false) as is_every_placement_suitable
    from order_end
    left join summed on order_end.order_key = summed.order_key

),

with_hours as (

    select
        *,
        coalesce(hours_a_week >= hours_needed, false) as has_enough_hours
    from judged

),

final as (

    select
        *,
        has_placement and is_every_placement_suitable and has_enough_hours as is_suitable_eet,
        case
            when not has_placement then 'NO_PLACEMENT'
            when not is_every_placement_suitable then 'NOT_ALL_SUITABLE'
            when not has_known_hours then 'HOURS_NOT_KNOWN'
            when not has_enough_hours then 'TOO_FEW_HOURS'
            else 'SUITABLE'
        end as reason_code
    from with_hours

)

select * from final
