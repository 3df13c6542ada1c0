-- Education, employment and training as the service itself records it: one spell per record.
-- What kind of provision it is may be empty or in no list; only NONE is out of education, employment and training.
with

ete_status as (

    select * from {{ ref('stg_case_system__ete_status') }}

),

person as (

    select * from {{ ref('int_justice__case_system_person') }}

),

code_ete_provision as (

    select * from {{ ref('code_ete_provision') }}

),

final as (

    select
        person.person_key,
        'CASE_SYSTEM' as source_code,
        ete_status.record_id,
        ete_status.start_date,
        ete_status.end_date,
        false as is_end_estimated,
        false as is_lapsed,
        coalesce(code_ete_provision.is_eet, true) as is_eet,
        case
            when ete_status.provision_type is null then 'NOT_KNOWN'
            else coalesce(code_ete_provision.code, 'UNMAPPED')
        end as provision_type_code,
        ete_status.hours_offered,
        ete_status.hours_attended,
        case
            when ete_status.suitability in ('SUITABLE', 'UNSUITABLE') then ete_status.suitability
            else 'UNKNOWN'
        end as suitability_code
    from ete_status
    inner join person on ete_status.person_id = person.person_id
    left join code_ete_provision on ete_status.provision_type = code_ete_provision.code
    where ete_status.start_date is not null

)

select * from final
