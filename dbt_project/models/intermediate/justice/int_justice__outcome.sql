-- Outcomes with tier, order of seriousness, ages and residence, and one yes/no per rule that decides whether an
-- outcome enters a measure. A court's outcome is judged by the age at the first hearing, one out of court by the
-- age at arrest or offence; what was given to an adult has the tier ADULT and enters no measure.
with

outcome as (

    select * from {{ ref('int_justice__outcome_recorded') }}

),

offence as (

    select * from {{ ref('int_justice__offence') }}

),

outcome_type as (

    select * from {{ ref('int_reference__outcome_type') }}

),

residence as (

    select * from {{ ref('int_justice__residence') }}

),

with_offence as (

    select
        outcome.*,
        offence.offence_record_id,
        offence.person_key,
        offence.offence_type_key,
        offence.offence_date,
        offence.is_breach,
        offence.is_tic,
        offence.is_recordable,
        offence.is_bail_offence,
        offence.age_at_first_hearing,
        offence.age_at_arrest_or_offence,
        offence.date_of_birth,
        {{ completed_years('outcome.outcome_date', 'offence.date_of_birth') }} as age_at_outcome
    from outcome
    inner join offence on outcome.offence_key = offence.offence_key

),

living_at as (

    {{ living_at('with_offence', 'outcome_record_id', 'outcome_date') }}

),

classified as (

    select
        with_offence.*,
        coalesce(outcome_type.outcome_type_key, '-1') as outcome_type_key,
        coalesce(outcome_type.outcome_rank, 99) as outcome_rank,
        coalesce(outcome_type.tier_code, 'UNMAPPED') as listed_tier_code,
        coalesce(outcome_type.is_custody, false) as is_custody,
        coalesce(outcome_type.is_court_disposal, false) as is_court_disposal,
        -- compensation is a sentence only where it is the sole one of its day
        coalesce(outcome_type.is_substantive, false) and (
            outcome_type.outcome_type_key <> 'COMPENSATION'
            or not bool_or(
                coalesce(outcome_type.is_substantive, false) and outcome_type.outcome_type_key <> 'COMPENSATION'
            ) over (partition by with_offence.offence_key, with_offence.outcome_date)
        ) as is_conviction_or_caution,
        coalesce(living_at.geography_key, '-1') as geography_key,
        case
            when with_offence.residence_status in ('LOCAL', 'OTHER') then with_offence.residence_status
            when living_at.is_local then 'LOCAL'
            when not living_at.is_local then 'OTHER'
            else 'NOT_KNOWN'
        end as residence_code,
        -- null is "not appealed": a bare NOT IN would lose the child
        coalesce(
            with_offence.appeal_status in ('CHANGED_ON_APPEAL', 'APPEAL_SUCCESSFUL'), false
        ) as is_appealed_away
    from with_offence
    left join outcome_type on with_offence.legal_outcome = outcome_type.outcome_type_key
    left join living_at on with_offence.outcome_record_id = living_at.outcome_record_id

),

aged as (

    select
        *,
        case
            when listed_tier_code in ('PRE_COURT', 'DIVERSION') then age_at_outcome
            else coalesce(age_at_first_hearing, age_at_outcome)
        end as age_when_dealt_with,
        case
            when listed_tier_code in ('PRE_COURT', 'DIVERSION') then age_at_arrest_or_offence
            else coalesce(age_at_first_hearing, age_at_outcome)
        end as age_for_measures
    from classified

),

judged as (

    select
        *,
        person_key > 0 as is_person_known,
        listed_tier_code = 'ADULT' or coalesce(age_when_dealt_with >= 18, false) as is_adult,
        -- taken into consideration is no conviction of its own
        is_conviction_or_caution and not is_tic as is_substantive,
        is_conviction_or_caution or outcome_type_key = 'TAKEN_INTO_CONSIDERATION' as is_proof,
        coalesce(age_for_measures between 10 and 17, false) as is_aged_10_to_17,
        residence_code <> 'OTHER' as is_living_here
    from aged

),

final as (

    select
        service_code,
        outcome_key,
        outcome_record_id,
        offence_key,
        offence_record_id,
        person_key,
        date_of_birth,
        offence_type_key,
        outcome_type_key,
        geography_key,
        offence_date,
        outcome_date,
        age_at_outcome,
        age_at_first_hearing,
        age_at_arrest_or_offence,
        age_for_measures,
        case when is_adult then 'ADULT' else listed_tier_code end as tier_code,
        outcome_rank,
        is_substantive,
        is_substantive_as_sent,
        is_proof,
        is_custody,
        is_court_disposal,
        is_breach,
        is_tic,
        is_bail_offence,
        is_recordable,
        residence_code,
        source_code,
        is_person_known,
        is_adult,
        is_aged_10_to_17,
        is_living_here,
        is_appealed_away,
        is_person_known and not is_adult and not is_appealed_away as is_standing,
        is_person_known
        and not is_adult
        and not is_appealed_away
        and is_aged_10_to_17
        and is_living_here as is_measured
    from judged

)

select * from final
