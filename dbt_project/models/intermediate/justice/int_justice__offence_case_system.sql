-- Offences as the case system has them. A breached order makes the offence a breach, whatever its code.
-- Its first hearing is the earliest at which one of its outcomes was given.
with

offence as (

    select * from {{ ref('stg_case_system__offence') }}

),

offence_outcome as (

    select * from {{ ref('stg_case_system__offence_outcome') }}

),

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

record_link as (

    select * from {{ ref('int_identity__record_link') }}

),

first_hearing as (

    select
        offence_outcome.offence_id,
        min(hearing.hearing_date) as first_hearing_date
    from offence_outcome
    inner join hearing on offence_outcome.hearing_id = hearing.hearing_id
    group by offence_outcome.offence_id

),

final as (

    select
        offence.service_code,
        record_link.record_key as offence_key,
        offence.offence_id,
        offence.record_id,
        coalesce(person.person_key, -1) as person_key,
        offence.cjs_code,
        offence.offence_date,
        offence.arrest_date,
        first_hearing.first_hearing_date,
        offence.asn,
        offence.offence_sequence,
        offence.yjb_offence_category as yjb_category_code,
        offence.yjb_seriousness,
        offence.programme_breach_id is not null as is_breach_of_order,
        coalesce(offence.is_tic, false) as is_tic,
        coalesce(offence.is_knife_related, false) as is_knife_related
    from offence
    left join first_hearing on offence.offence_id = first_hearing.offence_id
    left join person on offence.person_id = person.person_id
    left join deleted_person on offence.person_id = deleted_person.person_id
    left join record_link
        on
            offence.record_id = record_link.source_id
            and record_link.feed = 'case_system'
            and record_link.entity = 'offence'
    where deleted_person.person_id is null

)

select * from final
