-- What each witness says of a child's special educational needs, and from when to when: an education, health and care
-- plan, SEN support or none. A return of the school census holds until the next one comes.
with

linked_record as (

    select * from {{ ref('int_education__linked_record') }}

),

pupil_number as (

    select * from {{ ref('int_education__pupil_number') }}

),

case_system_person as (

    select * from {{ ref('int_justice__case_system_person') }}

),

send as (

    select * from {{ ref('stg_case_system__send') }}

),

ehc_plan as (

    select * from {{ ref('stg_education__ehc_plan') }}

),

census_pupil as (

    select * from {{ ref('stg_education__census_pupil') }}

),

code_sen_provision as (

    select * from {{ ref('code_sen_provision') }}

),

-- corrections of a term come later; what it says holds from its first day
return as (

    select
        return_term,
        min(returned_on) as returned_on,
        lead(min(returned_on)) over (order by return_term) - 1 as last_day
    from census_pupil
    group by return_term

),

recorded as (

    select
        case_system_person.person_key,
        case
            when send.has_formal_plan then 'EHC_PLAN'
            when send.is_identified then 'SEN_SUPPORT'
            when not send.is_identified then 'NONE'
        end as send_code,
        send.start_date,
        send.end_date,
        'CASE_SYSTEM' as source_code
    from send
    inner join case_system_person on send.person_id = case_system_person.person_id

),

planned as (

    select
        coalesce(linked_record.person_key, pupil_number.person_key) as person_key,
        'EHC_PLAN' as send_code,
        ehc_plan.start_date,
        ehc_plan.end_date,
        'EHC_PLAN' as source_code
    from ehc_plan
    left join linked_record
        on
            ehc_plan.record_id = linked_record.record_id
            and linked_record.entity = 'ehc_plan'
    left join pupil_number on ehc_plan.upn = pupil_number.upn

),

returned as (

    select
        linked_record.person_key,
        code_sen_provision.send_code,
        return.returned_on as start_date,
        return.last_day as end_date,
        'SCHOOL' as source_code
    from census_pupil
    inner join linked_record
        on
            census_pupil.record_id = linked_record.record_id
            and linked_record.entity = 'census_pupil'
    inner join return on census_pupil.return_term = return.return_term
    inner join code_sen_provision
        on
            census_pupil.sen_provision = code_sen_provision.code
            and {{ is_valid_on('code_sen_provision', 'return.returned_on') }}

),

told as (

    select * from recorded
    union all
    select * from planned
    union all
    select * from returned

),

final as (

    select
        person_key,
        send_code,
        start_date,
        end_date,
        source_code
    from told
    where person_key > 0 and send_code is not null and start_date is not null

)

select * from final
