-- Movements of reserves, made and planned.
with

reserve_movement as (

    select * from {{ ref('int_finance__reserve_movement') }}

),

final as (

    select
        reserve_movement_key,
        reserve_code,
        {{ calendar_day('movement_date') }} as movement_date,
        financial_period_key,
        financial_year,
        period,
        movement_number,
        kind_code,
        status_code,
        amount_gbp,
        stated_balance_gbp,
        service_code
    from reserve_movement

)

select * from final
