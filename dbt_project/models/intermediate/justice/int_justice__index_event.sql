-- Outcomes in a cohort's window, and for each rule whether it lets the outcome open a follow-up.
-- Custody enters on the day of sentence here (national figures: of release).
with

cohort_window as (

    select * from {{ ref('int_justice__cohort_window') }}

),

outcomes as (

    select * from {{ ref('int_justice__substantive_outcome') }}

),

judged as (

    select
        cohort_window.cohort_code,
        outcomes.service_code,
        outcomes.person_key,
        outcomes.outcome_key,
        outcomes.outcome_record_id,
        outcomes.outcome_date as index_date,
        outcomes.outcome_rank,
        outcomes.outcome_type_key,
        outcomes.tier_code,
        outcomes.geography_key,
        outcomes.age_at_outcome,
        outcomes.is_aged_10_to_17,
        outcomes.is_living_here,
        not outcomes.is_breach or {{ var('yos:index_breaches') }} as is_of_an_offence
    from outcomes
    inner join cohort_window
        on outcomes.outcome_date between cohort_window.window_start and cohort_window.window_end

),

final as (

    select
        *,
        is_aged_10_to_17 and is_living_here and is_of_an_offence as is_eligible
    from judged

)

select * from final
