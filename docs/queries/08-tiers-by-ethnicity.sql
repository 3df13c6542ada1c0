-- Do outcomes differ between ethnicity groups?
select
    dim_child.ethnicity_group_name,
    dim_outcome.tier_code,
    count(*) as outcomes,
    round(100.0 * count(*) / sum(count(*)) over (partition by dim_child.ethnicity_group_name), 1)::numeric(5, 1)
        as share_pct
from marts.fct_outcome
inner join marts.dim_child on fct_outcome.person_key = dim_child.person_key
inner join marts.dim_outcome on fct_outcome.outcome_type_key = dim_outcome.outcome_type_key
where fct_outcome.is_measured and fct_outcome.is_substantive
group by dim_child.ethnicity_group_name, dim_outcome.tier_code
order by dim_child.ethnicity_group_name, dim_outcome.tier_code
