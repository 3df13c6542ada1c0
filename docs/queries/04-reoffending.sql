-- How many reoffences per child had each local cohort after three, six, nine and twelve months?
select
    dim_cohort.cohort_name,
    fct_cohort_checkpoint.months,
    count(*) as children,
    count(*) filter (where fct_cohort_checkpoint.is_reoffender) as reoffenders,
    sum(fct_cohort_checkpoint.reoffences) as reoffences,
    round(sum(fct_cohort_checkpoint.reoffences)::numeric / count(*), 2) as reoffences_per_child
from marts.fct_cohort_checkpoint
inner join marts.dim_cohort on fct_cohort_checkpoint.cohort_code = dim_cohort.cohort_code
where
    dim_cohort.rule_code = 'NI19'
    and fct_cohort_checkpoint.basis_code = 'INDIVIDUAL'
group by dim_cohort.cohort_name, dim_cohort.window_start, fct_cohort_checkpoint.months
having bool_and(fct_cohort_checkpoint.is_reached)
order by dim_cohort.window_start, fct_cohort_checkpoint.months
