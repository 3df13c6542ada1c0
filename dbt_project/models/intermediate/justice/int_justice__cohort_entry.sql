-- A child enters a cohort once, by the first eligible outcome of the window. Outcomes of one day are one
-- index event: the most serious stands for it.
with

index_event as (

    select * from {{ ref('int_justice__index_event') }}

),

ranked as (

    select
        *,
        row_number() over (
            partition by cohort_code, person_key
            order by index_date, outcome_rank, outcome_record_id
        ) as event_number
    from index_event
    where is_eligible

),

final as (

    select
        service_code,
        cohort_code,
        person_key,
        outcome_key,
        index_date,
        outcome_type_key,
        tier_code,
        geography_key,
        age_at_outcome as age_at_index
    from ranked
    where event_number = 1

)

select * from final
