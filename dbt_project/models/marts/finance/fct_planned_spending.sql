-- The ledger's own budget of a year, every version.
with

planned_spending as (

    select * from {{ ref('int_finance__planned_spending') }}

),

final as (

    select
        planned_spending_key,
        financial_year,
        plan_version,
        is_in_force,
        account_key,
        cost_centre_code,
        programme_code,
        is_income,
        amount_gbp,
        service_code
    from planned_spending

)

select * from final
