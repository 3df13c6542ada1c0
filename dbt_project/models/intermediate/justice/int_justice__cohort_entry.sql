-- A child enters a cohort once, by the first eligible event of the window; of one day by the most serious. A child
-- with none is told with its first event and the reason why it is out.
with

cohort_candidate as (

    select * from {{ ref('int_justice__cohort_candidate') }}

),

ranked as (

    select
        *,
        row_number() over (
            partition by person_key, cohort_code
            order by is_eligible desc, index_date asc, outcome_rank asc, is_breach asc, event_record_id asc
        ) as event_number
    from cohort_candidate

),

final as (

    select
        service_code,
        cohort_code,
        rule_code,
        person_key,
        date_of_birth,
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
        is_eligible as is_in_cohort,
        reason_code,
        is_aged_10_to_17,
        is_living_here,
        is_not_appealed,
        is_not_breach
    from ranked
    where event_number = 1

)

select * from final
