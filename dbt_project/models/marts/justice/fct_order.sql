-- Orders and programmes of children.
with

orders as (

    select * from {{ ref('int_justice__order') }}

),

final as (

    select
        order_key,
        person_key,
        geography_key,
        start_date,
        end_date,
        order_type_code,
        order_type_name,
        coalesce(end_reason_code, 'NOT_STATED') as end_reason_code,
        coalesce(team_code, 'NOT_KNOWN') as team_code,
        age_at_end,
        end_date is null or end_date > {{ as_at_date() }} as is_running,
        is_in_order,
        service_code
    from orders
    where start_date between date '{{ var("yos:calendar_start") }}' and date '{{ var("yos:calendar_end") }}'

)

select * from final
