-- What does each partner give in kind and in cash?
select
    fct_budget_line.financial_year,
    dim_contributor.contributor_name,
    sum(fct_budget_line.staffing_in_kind_gbp) as staffing_in_kind_gbp,
    sum(fct_budget_line.other_delegated_gbp) as other_delegated_gbp,
    sum(fct_budget_line.total_gbp) as total_gbp
from marts.fct_budget_line
inner join marts.dim_contributor on fct_budget_line.contributor_key = dim_contributor.contributor_key
where fct_budget_line.is_in_force
group by fct_budget_line.financial_year, dim_contributor.contributor_name
order by fct_budget_line.financial_year, dim_contributor.contributor_name
