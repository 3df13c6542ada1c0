-- The Ministry's outturn of each authority in pounds, for comparison. What is no code of an area is none of its rows.
with

outturn as (

    select * from {{ ref('stg_finance__outturn') }}

),

final as (

    select
        service_code,
        financial_year,
        ons_code as area_code,
        la_name as area_name,
        {{ one_of('area_class', [
            'UA', 'SC', 'SD', 'MD', 'LB', 'LONDON', 'GLA', 'COMBINED_AUTHORITY', 'POLICE', 'FIRE', 'PARK', 'WASTE', 'ENG',
        ]) }} as area_class_code,
        employees_gbp,
        running_expenses_gbp,
        total_expenditure_gbp,
        sales_fees_charges_gbp,
        other_income_gbp,
        total_income_gbp,
        net_current_gbp,
        employees_gbp + running_expenses_gbp + total_expenditure_gbp + sales_fees_charges_gbp + other_income_gbp
        + total_income_gbp + net_current_gbp is not null as is_reported
    from outturn
    where ons_code ~ '^[A-Z]\d{8}$'

)

select * from final
