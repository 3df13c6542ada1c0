-- What may open a follow-up: youth cautions and court outcomes on their day, and releases from custody. Outcomes
-- of one day and kind are one event, the most serious stands for it. Each rule takes the kinds it counts.
with

outcome as (

    select * from {{ ref('int_justice__outcome') }}

),

release as (

    select * from {{ ref('int_justice__release') }}

),


outcome_events as (

    select
        service_code,
        outcome_key as event_key,
        outcome_record_id as event_record_id,
        person_key,
        date_of_birth,
        case
            when tier_code = 'PRE_COURT' then 'CAUTION'
            when is_custody then 'CUSTODIAL_SENTENCE'
            else 'CONVICTION'
        end as event_type_code,
        outcome_date as index_date,
        outcome_key,
        outcome_type_key,
        offence_type_key,
        tier_code,
        outcome_rank,
        geography_key,
        is_breach,
        is_living_here,
        is_appealed_away
    from outcome
    where is_substantive and not is_adult and is_person_known

),

release_events as (

    select
        release.service_code,
        release.order_key as event_key,
        release.order_record_id as event_record_id,
        release.person_key,
        release.date_of_birth,
        'RELEASE' as event_type_code,
        release.released_on as index_date,
        release.outcome_key,
        release.outcome_type_key,
        release.offence_type_key,
        'CUSTODY' as tier_code,
        release.outcome_rank,
        release.geography_key,
        release.is_breach,
        release.is_living_here,
        release.is_appealed_away
    from release

),

events as (

    select * from outcome_events
    union all
    select * from release_events

),

ranked as (

    select
        *,
        row_number() over (
            partition by person_key, index_date, event_type_code, is_breach, is_living_here, is_appealed_away
            order by outcome_rank, event_record_id
        ) as event_number
    from events

),

final as (

    select
        service_code,
        event_key,
        event_record_id,
        person_key,
        date_of_birth,
        event_type_code,
        index_date,
        outcome_key,
        outcome_type_key,
        offence_type_key,
        tier_code,
        outcome_rank,
        geography_key,
        {{ completed_years('index_date', 'date_of_birth') }} as age_at_index,
        is_breach,
        is_living_here,
        is_appealed_away
    from ranked
    where event_number = 1

)

select * from final
