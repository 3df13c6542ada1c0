-- Every unique pupil number that a record of a child carries, now or formerly. Numbers change: with a temporary one,
-- a move without papers, an adoption.
with

linked_record as (

    select * from {{ ref('int_education__linked_record') }}

),

case_system_person as (

    select * from {{ ref('int_justice__case_system_person') }}

),

child as (

    select * from {{ ref('int_justice__child') }}

),

person as (

    select * from {{ ref('stg_case_system__person') }}

),

young_person as (

    select * from {{ ref('stg_education__young_person') }}

),

census_pupil as (

    select * from {{ ref('stg_education__census_pupil') }}

),

census_leaver as (

    select * from {{ ref('stg_education__census_leaver') }}

),

transfer_pupil as (

    select * from {{ ref('stg_education__transfer_pupil') }}

),

ehc_plan as (

    select * from {{ ref('stg_education__ehc_plan') }}

),

in_education as (

    select
        'young_person' as entity,
        record_id,
        upn
    from young_person
    union all
    select
        'census_pupil' as entity,
        record_id,
        upn
    from census_pupil
    union all
    select
        'census_pupil' as entity,
        record_id,
        former_upn as upn
    from census_pupil
    union all
    select
        'census_leaver' as entity,
        record_id,
        upn
    from census_leaver
    union all
    select
        'transfer_pupil' as entity,
        record_id,
        upn
    from transfer_pupil
    union all
    select
        'transfer_pupil' as entity,
        record_id,
        former_upn as upn
    from transfer_pupil
    union all
    select
        'ehc_plan' as entity,
        record_id,
        upn
    from ehc_plan

),

final as (

    select
        person.upn,
        case_system_person.person_key
    from person
    inner join case_system_person on person.person_id = case_system_person.person_id
    inner join child on case_system_person.person_key = child.person_key
    where person.upn is not null
    union distinct
    select
        in_education.upn,
        linked_record.person_key
    from in_education
    inner join linked_record
        on
            in_education.entity = linked_record.entity
            and in_education.record_id = linked_record.record_id
    where in_education.upn is not null

)

select * from final
