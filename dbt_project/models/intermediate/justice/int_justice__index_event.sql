-- What may open a follow-up: youth cautions and court outcomes on their day, and releases from custody. Outcomes
-- of one day and kind are one event, the most serious stands for it. Each rule takes the kinds it counts.
with

outcome as (

    select * from {{ ref('int_justice__outcome') }}

),

release as (

    select * from {{ ref('int_justice__release') }}

),


case_system_person as (

    select * from {{ ref('int_justice__case_system_person') }}

),

care_status as (

    select * from {{ ref('stg_case_system__care_status') }}

),

substantive_outcome as (

    select * from {{ ref('int_justice__substantive_outcome') }}

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

sentence_day as (

    select
        person_key,
        outcome_date,
        row_number() over (partition by person_key order by outcome_date) as days_so_far
    from substantive_outcome
    group by person_key, outcome_date

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

earlier as (

    select
        ranked.event_key,
        max(sentence_day.days_so_far)::integer as earlier_outcomes
    from ranked
    inner join sentence_day
        on ranked.person_key = sentence_day.person_key and ranked.index_date > sentence_day.outcome_date
    where ranked.event_number = 1
    group by ranked.event_key

),

looked_after as (

    select ranked.event_key
    from ranked
    inner join case_system_person on ranked.person_key = case_system_person.person_key
    inner join care_status
        on
            case_system_person.person_id = care_status.person_id
            and ranked.index_date >= care_status.start_date
            and ranked.index_date <= coalesce(care_status.end_date, date 'infinity')
    where ranked.event_number = 1
    group by ranked.event_key

),

final as (

    select
        ranked.service_code,
        ranked.event_key,
        ranked.event_record_id,
        ranked.person_key,
        ranked.date_of_birth,
        ranked.event_type_code,
        ranked.index_date,
        ranked.outcome_key,
        ranked.outcome_type_key,
        ranked.offence_type_key,
        ranked.tier_code,
        ranked.outcome_rank,
        ranked.geography_key,
        {{ completed_years('ranked.index_date', 'ranked.date_of_birth') }} as age_at_index,
        ranked.is_breach,
        ranked.is_living_here,
        ranked.is_appealed_away,
        coalesce(earlier.earlier_outcomes, 0) as earlier_outcomes,
        looked_after.event_key is not null as is_looked_after
    from ranked
    left join earlier on ranked.event_key = earlier.event_key
    left join looked_after on ranked.event_key = looked_after.event_key
    where ranked.event_number = 1

)

select * from final
