-- Under which name and number of the case system those who work with a child see it: of several records the one with
-- a protected identity, which is the current one, else the oldest.
with

case_system_person as (

    select * from {{ ref('int_justice__case_system_person') }}

),

person as (

    select * from {{ ref('stg_case_system__person') }}

),

numbered as (

    select
        case_system_person.person_key,
        person.person_id,
        person.given_name,
        person.family_name,
        row_number() over (
            partition by case_system_person.person_key
            order by person.is_protected desc, person.person_id asc
        ) as record_number
    from case_system_person
    inner join person on case_system_person.person_id = person.person_id

),

final as (

    select
        person_key,
        person_id,
        given_name,
        family_name
    from numbered
    where record_number = 1

)

select * from final
