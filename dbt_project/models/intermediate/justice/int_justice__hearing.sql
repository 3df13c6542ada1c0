-- Hearings of the case system, and court messages of a child on a day for which the case system has none; with
-- what was decided on remand, and where the child lived. Several hearings of one day have one decision of the
-- day, the most restrictive.
with

hearing as (

    select * from {{ ref('stg_case_system__hearing') }}

),

deleted_person as (

    select person_id
    from {{ ref('stg_case_system__person') }}
    where is_deleted

),

person as (

    select * from {{ ref('int_justice__case_system_person') }}

),

court_message as (

    select * from {{ ref('stg_police__court_message') }}

),

court_result as (

    select * from {{ ref('stg_police__court_result') }}

),

arrest as (

    select * from {{ ref('int_justice__arrest') }}

),

person_link as (

    select * from {{ ref('int_identity__person_link') }}

),

record_link as (

    select * from {{ ref('int_identity__record_link') }}

),

withdrawn_person as (

    select * from {{ ref('int_justice__withdrawn_person') }}

),

child as (

    select * from {{ ref('int_justice__child') }}

),

residence as (

    select * from {{ ref('int_justice__residence') }}

),

court as (

    select * from {{ ref('int_justice__court') }}

),

code_remand as (

    select * from {{ ref('code_remand') }}

),

map_result_remand as (

    select * from {{ ref('map_result_remand') }}

),

-- how restrictive a decision is, 1 the most
remand_class as (

    select *
    from
        (values ('YDA', 1), ('RLAA', 2), ('CONDITIONAL_BAIL', 3), ('UNCONDITIONAL_BAIL', 4), ('NONE', 5))
            as classes (remand_class_code, remand_rank)

),

from_case_system as (

    select
        hearing.service_code,
        'hearing' as entity,
        hearing.record_id,
        coalesce(person.person_key, -1) as person_key,
        hearing.hearing_date,
        hearing.court_code,
        hearing.court_type as court_type_code,
        coalesce(code_remand.remand_class, 'NONE') as remand_class_code,
        'CASE_SYSTEM' as source_code
    from hearing
    left join person on hearing.person_id = person.person_id
    left join deleted_person on hearing.person_id = deleted_person.person_id
    left join code_remand on hearing.remand_decision = code_remand.code
    where deleted_person.person_id is null and hearing.hearing_date is not null

),

message_remand as (

    select
        court_result.message_id,
        min(remand_class.remand_rank) as remand_rank
    from court_result
    inner join map_result_remand on court_result.result_code = map_result_remand.result_code
    inner join remand_class on map_result_remand.remand_class = remand_class.remand_class_code
    group by court_result.message_id

),

message_person as (

    select
        court_message.*,
        coalesce(arrest.person_key, person_link.person_key, -1) as person_key
    from court_message
    left join arrest on court_message.asn = arrest.asn
    left join person_link
        on
            court_message.message_id = person_link.source_id
            and person_link.feed = 'police'
            and person_link.entity = 'court_message'
    where court_message.is_latest and court_message.hearing_date is not null

),

told_by_case_system as (

    select
        person_key,
        hearing_date
    from from_case_system
    where person_key > 0
    group by person_key, hearing_date

),

from_court as (

    select
        message_person.service_code,
        'court_message' as entity,
        message_person.record_id,
        message_person.person_key,
        message_person.hearing_date,
        message_person.court_code,
        null as court_type_code,
        coalesce(remand_class.remand_class_code, 'NONE') as remand_class_code,
        'COURT' as source_code
    from message_person
    left join message_remand on message_person.message_id = message_remand.message_id
    left join remand_class on message_remand.remand_rank = remand_class.remand_rank
    left join withdrawn_person on message_person.person_key = withdrawn_person.person_key
    left join told_by_case_system
        on
            message_person.person_key = told_by_case_system.person_key
            and message_person.hearing_date = told_by_case_system.hearing_date
    where withdrawn_person.person_key is null and told_by_case_system.person_key is null

),

both_sources as (

    select * from from_case_system
    union all
    select * from from_court

),

with_child as (

    select
        both_sources.service_code,
        record_link.record_key as hearing_key,
        lower(both_sources.source_code) || '/' || both_sources.record_id as hearing_record_id,
        coalesce(child.person_key, -1) as person_key,
        both_sources.hearing_date,
        coalesce(court.court_key, '-1') as court_key,
        coalesce(both_sources.court_type_code, court.court_type_code, 'NOT_KNOWN') as court_type_code,
        both_sources.remand_class_code,
        remand_class.remand_rank,
        both_sources.source_code,
        {{ completed_years('both_sources.hearing_date', 'child.date_of_birth') }} as age_at_hearing
    from both_sources
    inner join remand_class on both_sources.remand_class_code = remand_class.remand_class_code
    left join child on both_sources.person_key = child.person_key
    left join court on both_sources.court_code = court.court_key
    left join record_link
        on
            both_sources.record_id = record_link.source_id
            and both_sources.entity = record_link.entity
            and record_link.feed in ('case_system', 'police')

),

living_at as (

    {{ living_at('with_child', 'hearing_record_id', 'hearing_date') }}

),

final as (

    select
        with_child.*,
        coalesce(living_at.geography_key, '-1') as geography_key,
        case
            when living_at.is_local then 'LOCAL'
            when not living_at.is_local then 'OTHER'
            else 'NOT_KNOWN'
        end as residence_code,
        with_child.person_key > 0
        and coalesce(with_child.age_at_hearing between 10 and 17, false)
        and coalesce(living_at.is_local, true)
        -- the case system has those to come too
        and with_child.hearing_date <= {{ as_at_date() }} as is_counted,
        with_child.person_key > 0 and row_number() over (
            partition by with_child.person_key, with_child.hearing_date
            order by with_child.remand_rank, with_child.hearing_record_id
        ) = 1 as is_decision_of_day
    from with_child
    left join living_at on with_child.hearing_record_id = living_at.hearing_record_id

)

select * from final
