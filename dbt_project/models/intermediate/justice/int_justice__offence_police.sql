-- Offences as police and courts have them: charge, out-of-court disposal and court message are three
-- accounts of one offence when arrest summons number and sequence agree; the charge is heard first.
-- Days of hearing and charge, and how exact the day of the offence is, come from whichever account has them.
with

charge as (

    select * from {{ ref('stg_police__charge') }}

),

out_of_court_disposal as (

    select * from {{ ref('stg_police__out_of_court_disposal') }}

),

court_offence as (

    select * from {{ ref('stg_police__court_offence') }}

),

court_message as (

    select * from {{ ref('stg_police__court_message') }}

),

person_link as (

    select * from {{ ref('int_identity__person_link') }}

),

arrest as (

    select * from {{ ref('int_justice__arrest') }}

),

record_link as (

    select * from {{ ref('int_identity__record_link') }}

),

withdrawn_person as (

    select * from {{ ref('int_justice__withdrawn_person') }}

),

accounts as (

    select
        1 as precedence,
        'charge' as entity,
        record_id,
        service_code,
        asn,
        offence_sequence,
        cjs_code,
        offence_date,
        offence_end_date,
        null as offence_date_code,
        charge_date,
        null::date as hearing_date,
        coalesce(is_tic, false) as is_tic,
        null as message_id
    from charge
    union all
    select
        2 as precedence,
        'out_of_court_disposal' as entity,
        record_id,
        service_code,
        asn,
        offence_sequence,
        cjs_code,
        offence_date,
        null::date as offence_end_date,
        null as offence_date_code,
        null::date as charge_date,
        null::date as hearing_date,
        false as is_tic,
        null as message_id
    from out_of_court_disposal
    union all
    select
        3 as precedence,
        'court_offence' as entity,
        court_offence.record_id,
        court_offence.service_code,
        court_message.asn,
        ref.parse_number(court_offence.offence_sequence)::integer as offence_sequence,
        court_offence.cjs_code,
        court_offence.offence_date,
        court_offence.offence_end_date,
        court_offence.offence_date_code,
        court_offence.charge_date,
        court_message.hearing_date,
        false as is_tic,
        court_message.message_id
    from court_offence
    inner join court_message on court_offence.message_id = court_message.message_id
    where court_message.is_latest

),

-- A child summonsed to court was never arrested: then the courts say whose the number is, if they agree.
named_in_court as (

    select
        court_message.asn,
        min(person_link.person_key) as person_key
    from court_message
    inner join person_link
        on
            court_message.record_id = person_link.source_id
            and person_link.feed = 'police'
            and person_link.entity = 'court_message'
    where court_message.asn is not null
    group by court_message.asn
    having count(distinct person_link.person_key) = 1

),

with_person as (

    select
        accounts.*,
        coalesce(arrest.person_key, person_link.person_key, named_in_court.person_key, -1) as person_key,
        arrest.arrest_date
    from accounts
    left join arrest on accounts.asn = arrest.asn
    left join named_in_court on accounts.asn = named_in_court.asn
    left join person_link
        on
            accounts.message_id = person_link.source_id
            and person_link.feed = 'police'
            and person_link.entity = 'court_message'

),

-- Without a number nothing says that two accounts are of one offence.
numbered as (

    select
        *,
        coalesce(asn || '/' || nullif(offence_sequence, 0), entity || '/' || record_id) as police_offence_id
    from with_person

),

told as (

    select
        police_offence_id,
        min(hearing_date) as first_hearing_date,
        min(charge_date) as charge_date,
        max(offence_end_date) as offence_end_date,
        bool_or(entity = 'charge') as is_charged,
        (
            array_remove(
                array_agg(offence_date_code order by hearing_date desc nulls last, record_id asc), null
            )
        )[1] as offence_date_code
    from numbered
    group by police_offence_id

),

ranked as (

    select
        *,
        row_number() over (
            partition by police_offence_id
            order by precedence asc, hearing_date desc nulls last, record_id asc
        ) as account_number
    from numbered

),

final as (

    select
        ranked.service_code,
        record_link.record_key as offence_key,
        ranked.police_offence_id,
        ranked.entity || '/' || ranked.record_id as record_id,
        ranked.person_key,
        ranked.cjs_code,
        ranked.offence_date,
        ranked.arrest_date,
        told.charge_date,
        told.first_hearing_date,
        case
            when told.offence_date_code in ('2', '6') then 'BEFORE'
            when told.offence_date_code = '3' then 'AFTER'
            when told.offence_date_code = '5' then 'ABOUT'
            when told.offence_date_code = '4' or told.offence_end_date > ranked.offence_date then 'RANGE'
            -- a charge without a last day names the one day
            when told.offence_date_code = '1' or told.is_charged then 'EXACT'
            else 'NOT_KNOWN'
        end as offence_date_precision_code,
        ranked.asn,
        ranked.offence_sequence,
        ranked.is_tic
    from ranked
    inner join told on ranked.police_offence_id = told.police_offence_id
    left join record_link
        on
            ranked.record_id = record_link.source_id
            and record_link.feed = 'police'
            and ranked.entity = record_link.entity
    left join withdrawn_person on ranked.person_key = withdrawn_person.person_key
    where ranked.account_number = 1 and withdrawn_person.person_key is null

)

select * from final
