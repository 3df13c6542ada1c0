-- Each reoffence of the children in the live tracker: when, what, and what was decided.
with

cohort_member as (

    select * from {{ ref('int_justice__cohort_member') }}

),

cohort_offence as (

    select * from {{ ref('int_justice__cohort_offence') }}

),

outcome as (

    select * from {{ ref('int_justice__outcome') }}

),

outcome_type as (

    select * from {{ ref('int_reference__outcome_type') }}

),

offence as (

    select * from {{ ref('int_justice__offence') }}

),

offence_type as (

    select * from {{ ref('int_reference__offence_type') }}

),

final as (

    select
        cohort_member.cohort_code,
        cohort_member.person_key,
        cohort_offence.offence_key,
        cohort_offence.offence_date,
        cohort_offence.offence_date - cohort_member.index_date as days_after_index,
        coalesce(offence_type.offence_name, 'Not in the code list') as offence_name,
        offence.yjb_category_code,
        offence.yjb_seriousness,
        cohort_offence.proven_date,
        coalesce(outcome_type.outcome_name, 'Not in the code list') as outcome_name,
        cohort_member.service_code
    from cohort_member
    inner join cohort_offence
        on
            cohort_member.cohort_code = cohort_offence.cohort_code
            and cohort_member.person_key = cohort_offence.person_key
    inner join offence on cohort_offence.offence_key = offence.offence_key
    inner join outcome on cohort_offence.outcome_key = outcome.outcome_key
    left join outcome_type on outcome.outcome_type_key = outcome_type.outcome_type_key
    left join offence_type on offence.offence_type_key = offence_type.offence_type_key
    where
        cohort_member.rule_code = 'LIVE'
        and cohort_member.window_start > {{ as_at_date() }} - interval '2 years'
        and cohort_offence.is_reoffence

)

select * from final
