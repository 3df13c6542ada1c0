-- What was spent, month by month?
select
    dim_date.financial_year,
    dim_date.financial_month,
    dim_date.month_name,
    sum(fct_ledger_posting.amount_gbp) filter (where not fct_ledger_posting.is_income) as spent_gbp,
    sum(fct_ledger_posting.amount_gbp) filter (where fct_ledger_posting.is_income) as income_gbp
from marts.fct_ledger_posting
inner join marts.dim_date on fct_ledger_posting.posting_date = dim_date.date_key
group by dim_date.financial_year, dim_date.financial_month, dim_date.month_name
order by dim_date.financial_year, dim_date.financial_month
