-- How many cautions reach the child within 20 days of the panel?
with

cautions as (

    -- a caution for several offences is one caution
    select
        fct_out_of_court_disposal.person_key,
        fct_out_of_court_disposal.decision_date,
        fct_out_of_court_disposal.outcome_type_key,
        min(fct_out_of_court_disposal.issue_date) as issue_date,
        min(fct_out_of_court_disposal.days_to_delivery) as days_to_delivery
    from marts.fct_out_of_court_disposal
    where fct_out_of_court_disposal.is_caution and fct_out_of_court_disposal.issue_date is not null
    group by
        fct_out_of_court_disposal.person_key,
        fct_out_of_court_disposal.decision_date,
        fct_out_of_court_disposal.outcome_type_key

)

select
    dim_date.financial_year,
    count(*) filter (where cautions.days_to_delivery <= 20) as within_20_days,
    count(*) as cautions
from cautions
inner join marts.dim_date on cautions.issue_date = dim_date.date_key
group by dim_date.financial_year
order by dim_date.financial_year
