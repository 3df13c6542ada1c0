-- Children with an index event in a cohort's window, one row per child and cohort: in or out, why, and what followed.
with

cohort_member as (

    select * from {{ ref('int_justice__cohort_member') }}

),

final as (

    select
        cohort_code,
        person_key,
        rule_code,
        event_key,
        event_type_code,
        outcome_type_key,
        offence_type_key,
        geography_key,
        index_date,
        tier_code,
        age_at_index,
        earlier_outcomes,
        is_looked_after,
        is_in_cohort,
        reason_code,
        is_aged_10_to_17,
        is_living_here,
        is_not_appealed,
        is_not_breach,
        is_in_cohort::integer as children_in_cohort,
        reoffences,
        checkpoint_date,
        reoffences_to_checkpoint,
        is_reoffender,
        is_reoffender::integer as reoffenders,
        first_reoffence_date,
        days_to_first_reoffence,
        follow_up_end,
        proven_by,
        is_follow_up_complete,
        is_final,
        is_exposure_incomplete,
        'LOCAL_CMS' as source_basis,
        service_code
    from cohort_member
    where decision_code is null

)

select * from final
