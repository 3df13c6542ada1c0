-- The ledger's journal lines without descriptions and suppliers, which can name children. None is left out: one that
-- is dated outside the calendar has no day.
with

ledger_posting as (

    select * from {{ ref('int_finance__ledger_posting') }}

),

final as (

    select
        ledger_posting_key,
        {{ calendar_day('posting_date') }} as posting_date,
        financial_period_key,
        financial_year,
        period,
        account_key,
        cost_centre_code,
        programme_code,
        source_code,
        status_code,
        supplier_category_code,
        is_income,
        is_reversal,
        amount_gbp,
        service_code
    from ledger_posting

)

select * from final
