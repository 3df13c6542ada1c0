-- The Ministry's outturn of youth justice, for comparison.
with

outturn as (

    select * from {{ ref('int_finance__outturn') }}

),

final as (

    select
        financial_year,
        area_code,
        area_name,
        area_class_code,
        employees_gbp,
        running_expenses_gbp,
        total_expenditure_gbp,
        sales_fees_charges_gbp,
        other_income_gbp,
        total_income_gbp,
        net_current_gbp,
        is_reported,
        service_code
    from outturn

)

select * from final
