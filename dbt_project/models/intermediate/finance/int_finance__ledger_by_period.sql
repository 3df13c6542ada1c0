-- The ledger added up by period, account and programme: read once here, so that no report reads every posting again.
with

ledger_posting as (

    select * from {{ ref('int_finance__ledger_posting') }}

),

final as (

    select
        financial_year,
        financial_period_key / 100 as financial_year_start,
        period,
        account_key,
        programme_code,
        is_income,
        -- a commitment is ordered, not spent
        coalesce(sum(amount_gbp) filter (where status_code in ('ACTUAL', 'ACCRUAL')), 0)::numeric(14, 2) as actual_gbp,
        coalesce(sum(amount_gbp) filter (where status_code = 'COMMITMENT'), 0)::numeric(14, 2) as commitment_gbp
    from ledger_posting
    group by financial_year, financial_period_key, period, account_key, programme_code, is_income

)

select * from final
