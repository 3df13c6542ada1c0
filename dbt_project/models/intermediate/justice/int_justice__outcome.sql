-- Outcomes with tier, order of seriousness, age and residence on the day, and one yes/no per rule that
-- decides whether an outcome enters a measure. Given at 18 or over, the tier is ADULT.
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
        {{ completed_years('outcome.outcome_date', 'offence.date_of_birth') }} as age_at_outcome
    from outcome
    inner join offence on outcome.offence_key = offence.offence_key

),

living_at as (

    select
        with_offence.outcome_record_id,
        residence.geography_key,
        residence.is_local,
        row_number() over (
            partition by with_offence.outcome_record_id
            order by residence.start_date desc, residence.record_id asc
        ) as spell_number
    from with_offence
    inner join residence
        on
            with_offence.person_key = residence.person_key
            and with_offence.outcome_date >= residence.start_date
            and with_offence.outcome_date <= coalesce(residence.end_date, date 'infinity')

),

classified as (

    select
        with_offence.*,
        coalesce(outcome_type.outcome_type_key, '-1') as outcome_type_key,
        coalesce(outcome_type.outcome_rank, 99) as outcome_rank,
        case
            when with_offence.age_at_outcome >= 18 then 'ADULT'
            else coalesce(outcome_type.tier_code, 'UNMAPPED')
        end as tier_code,
        coalesce(outcome_type.is_substantive, false) as is_substantive,
        coalesce(outcome_type.is_custody, false) as is_custody,
        coalesce(outcome_type.is_court_disposal, false) as is_court_disposal,
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
    left join living_at
        on
            with_offence.outcome_record_id = living_at.outcome_record_id
            and living_at.spell_number = 1

),

judged as (

    select
        *,
        person_key > 0 as is_person_known,
        coalesce(age_at_outcome between 10 and 17, false) as is_aged_10_to_17,
        residence_code <> 'OTHER' as is_living_here
    from classified

),

final as (

    select
        service_code,
        outcome_key,
        outcome_record_id,
        offence_key,
        offence_record_id,
        person_key,
        offence_type_key,
        outcome_type_key,
        geography_key,
        offence_date,
        outcome_date,
        age_at_outcome,
        tier_code,
        outcome_rank,
        is_substantive,
        is_substantive_as_sent,
        is_custody,
        is_court_disposal,
        is_breach,
        is_tic,
        is_recordable,
        residence_code,
        source_code,
        is_person_known,
        is_aged_10_to_17,
        is_living_here,
        is_appealed_away,
        is_person_known and is_aged_10_to_17 and is_living_here and not is_appealed_away as is_measured
    from judged

)

select * from final
