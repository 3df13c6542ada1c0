-- Every outcome once. Where the case system has an outcome of an offence, it is believed; what police
-- and courts say counts only where it has none.
with

offence as (

    select * from {{ ref('int_justice__offence') }}

),

case_system_outcome as (

    select * from {{ ref('stg_case_system__offence_outcome') }}

),

police_outcome as (

    select * from {{ ref('int_justice__outcome_police') }}

),

record_link as (

    select * from {{ ref('int_identity__record_link') }}

),

from_case_system as (

    select
        offence.service_code,
        record_link.record_key as outcome_key,
        'case_system/' || case_system_outcome.record_id as outcome_record_id,
        offence.offence_key,
        case_system_outcome.outcome_date,
        case_system_outcome.legal_outcome,
        case_system_outcome.appeal_status,
        case_system_outcome.residence_status,
        case_system_outcome.is_substantive as is_substantive_as_sent,
        'CASE_SYSTEM' as source_code
    from case_system_outcome
    inner join offence on case_system_outcome.offence_id = offence.offence_id
    left join record_link
        on
            case_system_outcome.record_id = record_link.source_id
            and record_link.feed = 'case_system'
            and record_link.entity = 'offence_outcome'

),

decided_in_case_system as (

    select offence_key
    from from_case_system
    group by offence_key

),

from_police as (

    select
        offence.service_code,
        police_outcome.outcome_key,
        police_outcome.outcome_record_id,
        offence.offence_key,
        police_outcome.outcome_date,
        police_outcome.legal_outcome,
        null as appeal_status,
        null as residence_status,
        null::boolean as is_substantive_as_sent,
        police_outcome.source_code
    from police_outcome
    inner join offence on police_outcome.police_offence_id = offence.police_offence_id
    left join decided_in_case_system on offence.offence_key = decided_in_case_system.offence_key
    where decided_in_case_system.offence_key is null

),

final as (

    select * from from_case_system
    union all
    select * from from_police

)

select * from final
