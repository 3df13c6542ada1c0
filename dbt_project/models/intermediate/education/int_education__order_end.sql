-- Orders that ended by the as-at day, and for each rule whether the ending counts. Each order counts
-- for itself: two orders of a child ending on one day are two order ends.
with

orders as (

    select * from {{ ref('int_justice__order') }}

),

judged as (

    select
        service_code,
        order_key,
        record_id,
        programme_id,
        person_id,
        person_key,
        geography_key,
        order_type_code,
        coalesce(team_code, 'NOT_KNOWN') as team_code,
        start_date as order_start_date,
        end_date as order_end_date,
        age_at_start,
        age_at_end,
        is_in_kpi,
        kpi_rank,
        is_in_eet_indicator as is_of_a_counted_kind,
        -- an order that began on no day of the calendar is no row of the marts either
        is_in_order and coalesce(
            start_date between date '{{ var("yos:calendar_start") }}' and date '{{ var("yos:calendar_end") }}', false
        ) as is_in_order,
        -- a reason nobody gave is taken for the ordinary end
        coalesce(
            end_reason_code not in ('REVOKED_BREACH', 'TRANSFERRED_OUT', 'DECEASED'), true
        ) as is_ended_by_rule,
        person_key > 0 as is_person_known,
        is_living_here
    from orders
    where end_date <= {{ as_at_date() }}

),

final as (

    select
        *,
        is_of_a_counted_kind
        and is_in_order
        and is_ended_by_rule
        and is_person_known
        and is_living_here as is_counted,
        case
            when not is_of_a_counted_kind then 'KIND'
            when not is_in_order then 'DATES'
            when not is_ended_by_rule then 'ENDED_OTHERWISE'
            when not is_person_known then 'PERSON_NOT_KNOWN'
            when not is_living_here then 'LIVING_ELSEWHERE'
            else 'IN'
        end as exclusion_code
    from judged

)

select * from final
