-- What youth justice cost, by council as the Ministry published it and here by the service's own ledger, in the same
-- categories. Published figures are rounded as the council gave them, the ledger's are to the penny. Income is positive
-- in both.
with

outturn as (

    select * from {{ ref('fct_outturn') }}

),

ledger as (

    select *
    from {{ ref('int_finance__ledger_by_period') }}
    where {{ is_to_date('financial_year', 'period') }}

),

-- transfers from and to reserves are the service's own affair
account as (

    select *
    from {{ ref('dim_account') }}
    where outturn_category_code is distinct from 'NOT_IN_OUTTURN'

),

own as (

    select
        ledger.financial_year,
        coalesce(sum(ledger.actual_gbp) filter (
            where not ledger.is_income and account.outturn_category_code = 'EMPLOYEES'
        ), 0) as employees_gbp,
        coalesce(sum(ledger.actual_gbp) filter (where not ledger.is_income), 0) as total_expenditure_gbp,
        -coalesce(sum(ledger.actual_gbp) filter (
            where ledger.is_income and account.outturn_category_code = 'SALES_FEES_CHARGES'
        ), 0) as sales_fees_charges_gbp,
        -coalesce(sum(ledger.actual_gbp) filter (where ledger.is_income), 0) as total_income_gbp
    from ledger
    inner join account on ledger.account_key = account.account_key
    group by ledger.financial_year

),

both_sides as (

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
        true as is_complete,
        'PUBLISHED' as source_basis
    from outturn
    union all
    -- an account that no list knows is a running expense or other income: the totals are the ledger's
    select
        financial_year,
        'SERVICE' as area_code,
        'This service, by its ledger' as area_name,
        'SERVICE' as area_class_code,
        employees_gbp,
        total_expenditure_gbp - employees_gbp as running_expenses_gbp,
        total_expenditure_gbp,
        sales_fees_charges_gbp,
        total_income_gbp - sales_fees_charges_gbp as other_income_gbp,
        total_income_gbp,
        total_expenditure_gbp - total_income_gbp as net_current_gbp,
        true as is_reported,
        {{ is_year_over('financial_year') }} as is_complete,
        'LOCAL_LEDGER' as source_basis
    from own

),

final as (

    select
        financial_year,
        area_code,
        area_name,
        area_class_code,
        employees_gbp::numeric(14, 2) as employees_gbp,
        running_expenses_gbp::numeric(14, 2) as running_expenses_gbp,
        total_expenditure_gbp::numeric(14, 2) as total_expenditure_gbp,
        sales_fees_charges_gbp::numeric(14, 2) as sales_fees_charges_gbp,
        other_income_gbp::numeric(14, 2) as other_income_gbp,
        total_income_gbp::numeric(14, 2) as total_income_gbp,
        net_current_gbp::numeric(14, 2) as net_current_gbp,
        is_reported,
        is_complete,
        source_basis,
        '{{ var("yos:service") }}' as service_code
    from both_sides

)

select * from final
