-- Reoffences of each child in a cohort at three, six, nine and twelve months, on each basis of counting.
with

cohort_checkpoint as (

    select * from {{ ref('int_justice__cohort_checkpoint') }}

),

dim_cohort as (

    select * from {{ ref('dim_cohort') }}

),

final as (

    select
        cohort_checkpoint.cohort_code,
        cohort_checkpoint.person_key,
        cohort_checkpoint.basis_code,
        cohort_checkpoint.months,
        cohort_checkpoint.rule_code,
        cohort_checkpoint.geography_key,
        cohort_checkpoint.checkpoint_date,
        cohort_checkpoint.reoffences,
        cohort_checkpoint.reoffences_proven_by_checkpoint,
        cohort_checkpoint.is_reoffender,
        cohort_checkpoint.is_reached,
        'LOCAL_CMS' as source_basis,
        cohort_checkpoint.service_code
    from cohort_checkpoint
    inner join dim_cohort on cohort_checkpoint.cohort_code = dim_cohort.cohort_code

)

select * from final
