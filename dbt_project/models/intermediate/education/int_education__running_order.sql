-- Orders of known children that run at the as-at day: without an end, or with one still to come. Each with the day it
-- is expected to end and the team that answers for it; a team that is none of the service's gives way to the team of
-- the district.
with

orders as (

    select * from {{ ref('int_justice__order') }}

),

district as (

    select * from {{ ref('int_reference__district') }}

),

ref_team as (

    select *
    from {{ ref('ref_team') }}
    where service_code = '{{ var("yos:service") }}'

),

final as (

    select
        orders.order_key,
        orders.record_id,
        orders.person_key,
        orders.start_date,
        coalesce(orders.end_date, orders.planned_end_date) as order_end_expected,
        orders.is_in_eet_indicator,
        orders.geography_key,
        coalesce(ref_team.team_code, district.team_code, 'NOT_KNOWN') as team_code,
        row_number() over (
            partition by orders.person_key
            order by orders.start_date desc nulls last, orders.record_id desc
        ) as newest,
        orders.service_code
    from orders
    left join ref_team on orders.team_code = ref_team.team_code
    left join district on orders.geography_key = district.geography_key
    where
        orders.person_key > 0
        and (orders.end_date is null or orders.end_date > {{ as_at_date() }})

)

select * from final
