-- Releases from custody with the sentence served: the most serious custodial outcome, given by then, of the
-- offences the order was made for. A release whose sentence was quashed is kept and flagged.
with

orders as (

    select * from {{ ref('int_justice__order') }}

),

programme_offence as (

    select * from {{ ref('stg_case_system__programme_offence') }}

),

offence as (

    select * from {{ ref('int_justice__offence') }}

),

outcome as (

    select * from {{ ref('int_justice__outcome') }}

),

residence as (

    select * from {{ ref('int_justice__residence') }}

),

release as (

    select *
    from orders
    where order_type_code = 'CUSTODIAL_SENTENCE' and released_on is not null and person_key > 0

),

release_offence as (

    select
        release.record_id,
        release.released_on,
        offence.offence_key,
        offence.is_breach
    from release
    inner join programme_offence on release.programme_id = programme_offence.programme_id
    inner join offence on programme_offence.offence_id = offence.offence_id

),

breach as (

    select
        record_id,
        bool_and(is_breach) as is_breach
    from release_offence
    group by record_id

),

sentence as (

    select
        release_offence.record_id,
        outcome.outcome_key,
        outcome.outcome_type_key,
        outcome.outcome_rank,
        outcome.offence_type_key,
        outcome.is_appealed_away,
        row_number() over (
            partition by release_offence.record_id
            order by outcome.is_appealed_away, outcome.outcome_rank, outcome.outcome_record_id
        ) as sentence_number
    from release_offence
    inner join outcome on release_offence.offence_key = outcome.offence_key
    where
        outcome.is_custody
        and outcome.is_substantive
        and not outcome.is_adult
        and outcome.outcome_date <= release_offence.released_on

),

living_at as (

    {{ living_at('release', 'record_id', 'released_on') }}

),

final as (

    select
        release.service_code,
        release.order_key,
        'case_system/' || release.record_id as order_record_id,
        release.person_key,
        release.date_of_birth,
        release.released_on,
        sentence.outcome_key,
        coalesce(sentence.outcome_type_key, '-1') as outcome_type_key,
        coalesce(sentence.offence_type_key, '-1') as offence_type_key,
        -- without its sentence a release stands where a detention and training order stands
        coalesce(sentence.outcome_rank, 4) as outcome_rank,
        coalesce(living_at.geography_key, '-1') as geography_key,
        coalesce(breach.is_breach, false) as is_breach,
        coalesce(living_at.is_local, true) as is_living_here,
        coalesce(sentence.is_appealed_away, false) as is_appealed_away
    from release
    left join breach on release.record_id = breach.record_id
    left join sentence on release.record_id = sentence.record_id and sentence.sentence_number = 1
    left join living_at on release.record_id = living_at.record_id

)

select * from final
