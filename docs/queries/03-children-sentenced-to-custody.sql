-- Of the children sentenced in a year, how many were sentenced to custody?
select
    dim_date.financial_year,
    count(distinct fct_outcome.person_key) filter (where fct_outcome.is_custody) as children_in_custody,
    count(distinct fct_outcome.person_key) as children_sentenced
from marts.fct_outcome
inner join marts.dim_date on fct_outcome.outcome_date = dim_date.date_key
where fct_outcome.is_measured and fct_outcome.is_court_disposal
group by dim_date.financial_year
order by dim_date.financial_year
