-- Children in the local reoffending cohorts, one row per child and cohort.
with

cohort_member as (

    select * from {{ ref('int_justice__cohort_member') }}

),

final as (

    select
        cohort_code,
        person_key,
        outcome_type_key,
        geography_key,
        index_date,
        tier_code,
        age_at_index,
        window_start,
        window_end,
        tracking_start,
        checkpoint_date,
        reoffences,
        reoffences_to_checkpoint,
        first_reoffence_date,
        reoffences > 0 as is_reoffender,
        is_follow_up_complete,
        is_final,
        'LOCAL_CMS' as source_basis,
        service_code
    from cohort_member

)

select * from final
