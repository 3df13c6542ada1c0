-- Suspensions and exclusions of the children known here, through their pupil's row of the same return. What two returns
-- or two schools tell of one exclusion is one, as the newest return has it.
with

linked_record as (

    select * from {{ ref('int_education__linked_record') }}

),

pupil_number as (

    select * from {{ ref('int_education__pupil_number') }}

),

census_pupil as (

    select * from {{ ref('stg_education__census_pupil') }}

),

census_leaver as (

    select * from {{ ref('stg_education__census_leaver') }}

),

census_exclusion as (

    select * from {{ ref('stg_education__census_exclusion') }}

),

code_exclusion_category as (

    select * from {{ ref('code_exclusion_category') }}

),

code_exclusion_reason as (

    select * from {{ ref('code_exclusion_reason') }}

),

code_sen_provision as (

    select * from {{ ref('code_sen_provision') }}

),

pupil as (

    select
        'census_pupil' as entity,
        record_id,
        return_term,
        pupil_id,
        school_id,
        upn
    from census_pupil
    union all
    select
        'census_leaver' as entity,
        record_id,
        return_term,
        pupil_id,
        school_id,
        upn
    from census_leaver

),

child as (

    select
        pupil.return_term,
        pupil.pupil_id,
        pupil.school_id,
        coalesce(linked_record.person_key, pupil_number.person_key) as person_key
    from pupil
    left join linked_record
        on
            pupil.entity = linked_record.entity
            and pupil.record_id = linked_record.record_id
    left join pupil_number on pupil.upn = pupil_number.upn

),

read_by_the_lists as (

    select
        census_exclusion.service_code,
        child.person_key,
        census_exclusion.record_id,
        census_exclusion.return_term,
        census_exclusion.start_date,
        census_exclusion.sessions,
        case
            when census_exclusion.category is null then 'NOT_KNOWN'
            else coalesce(code_exclusion_category.exclusion_category, 'UNMAPPED')
        end as category_code,
        case when census_exclusion.reason_1 is not null then coalesce(first.code, 'UNMAPPED') end as reason_1_code,
        case when census_exclusion.reason_2 is not null then coalesce(second.code, 'UNMAPPED') end as reason_2_code,
        case when census_exclusion.reason_3 is not null then coalesce(third.code, 'UNMAPPED') end as reason_3_code,
        case
            when census_exclusion.sen_provision is null then 'NOT_KNOWN'
            else coalesce(code_sen_provision.send_code, 'UNMAPPED')
        end as sen_provision_code
    from census_exclusion
    inner join child
        on
            census_exclusion.return_term = child.return_term
            and census_exclusion.pupil_id = child.pupil_id
            and census_exclusion.school_id = child.school_id
    left join code_exclusion_category
        on
            census_exclusion.category = code_exclusion_category.code
            and {{ is_valid_on('code_exclusion_category', 'census_exclusion.start_date') }}
    left join code_exclusion_reason as first
        on
            census_exclusion.reason_1 = first.code
            and {{ is_valid_on('first', 'census_exclusion.start_date') }}
    left join code_exclusion_reason as second
        on
            census_exclusion.reason_2 = second.code
            and {{ is_valid_on('second', 'census_exclusion.start_date') }}
    left join code_exclusion_reason as third
        on
            census_exclusion.reason_3 = third.code
            and {{ is_valid_on('third', 'census_exclusion.start_date') }}
    left join code_sen_provision
        on
            census_exclusion.sen_provision = code_sen_provision.code
            and {{ is_valid_on('code_sen_provision', 'census_exclusion.start_date') }}
    where child.person_key is not null and census_exclusion.start_date is not null

),

told_once as (

    select distinct on (person_key, start_date, category_code, sessions) *
    from read_by_the_lists
    order by
        person_key asc, start_date asc, category_code asc, sessions asc, return_term desc, record_id asc

),

final as (

    select
        service_code,
        person_key,
        start_date,
        (row_number() over (
            partition by person_key, start_date
            order by category_code asc, sessions asc
        ))::integer as exclusion_number,
        category_code,
        reason_1_code,
        reason_2_code,
        reason_3_code,
        sessions,
        sen_provision_code,
        return_term
    from told_once

)

select * from final
