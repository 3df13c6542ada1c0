-- Every legal outcome of every offence once, with what it counts as.
with

outcome as (

    select * from {{ ref('int_justice__outcome') }}

),

first_time_entrant as (

    select * from {{ ref('int_justice__first_time_entrant') }}

),

final as (

    select
        outcome.outcome_key,
        outcome.offence_key,
        outcome.person_key,
        outcome.offence_type_key,
        outcome.outcome_type_key,
        outcome.geography_key,
        outcome.outcome_date,
        outcome.offence_date,
        outcome.age_at_outcome,
        outcome.age_at_first_hearing,
        outcome.age_at_arrest_or_offence,
        outcome.tier_code,
        outcome.outcome_rank,
        outcome.residence_code,
        outcome.is_substantive,
        outcome.is_custody,
        outcome.is_court_disposal,
        outcome.is_breach,
        outcome.is_appealed_away,
        outcome.is_measured,
        outcome.is_standing,
        coalesce(first_time_entrant.is_first_time_entrant, false) as is_first_time_entrant,
        case
            when first_time_entrant.is_first_time_entrant then first_time_entrant.fte_confidence_code
            else 'NOT_APPLICABLE'
        end as fte_confidence_code,
        outcome.source_code,
        outcome.service_code
    from outcome
    left join first_time_entrant on outcome.outcome_key = first_time_entrant.outcome_key
    where
        outcome.outcome_date between date '{{ var("yos:calendar_start") }}' and date '{{ var("yos:calendar_end") }}'

)

select * from final
