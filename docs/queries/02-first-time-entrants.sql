-- How many children entered the justice system for the first time, by quarter and team?
select
    dim_date.financial_quarter_name,
    dim_geography.team_name,
    count(distinct fct_outcome.person_key) as children
from marts.fct_outcome
inner join marts.dim_date on fct_outcome.outcome_date = dim_date.date_key
inner join marts.dim_geography on fct_outcome.geography_key = dim_geography.geography_key
where fct_outcome.is_first_time_entrant
group by dim_date.financial_quarter_name, dim_geography.team_name
order by dim_date.financial_quarter_name, dim_geography.team_name
