-- Which offence of the police is which offence of the case system: by arrest summons number and
-- sequence, else by person, day and code, the first of one side with the first of the other.
with

case_system as (

    select * from {{ ref('int_justice__offence_case_system') }}

),

police as (

    select * from {{ ref('int_justice__offence_police') }}

),

case_system_by_number as (

    select
        *,
        row_number() over (partition by asn, offence_sequence order by record_id) as copy_number
    from case_system
    where asn is not null and offence_sequence is not null

),

by_number as (

    select
        case_system_by_number.record_id as case_system_record_id,
        police.record_id as police_record_id
    from case_system_by_number
    inner join police
        on
            case_system_by_number.asn = police.asn
            and case_system_by_number.offence_sequence = police.offence_sequence
    where case_system_by_number.copy_number = 1

),

case_system_left as (

    select
        case_system.*,
        row_number() over (
            partition by case_system.person_key, case_system.offence_date, case_system.cjs_code
            order by case_system.record_id
        ) as copy_number
    from case_system
    left join by_number on case_system.record_id = by_number.case_system_record_id
    where by_number.case_system_record_id is null and case_system.person_key > 0

),

police_left as (

    select
        police.*,
        row_number() over (
            partition by police.person_key, police.offence_date, police.cjs_code
            order by police.record_id
        ) as copy_number
    from police
    left join by_number on police.record_id = by_number.police_record_id
    where by_number.police_record_id is null and police.person_key > 0

),

by_content as (

    select
        case_system_left.record_id as case_system_record_id,
        police_left.record_id as police_record_id
    from case_system_left
    inner join police_left
        on
            case_system_left.person_key = police_left.person_key
            and case_system_left.offence_date = police_left.offence_date
            and case_system_left.cjs_code = police_left.cjs_code
            and case_system_left.copy_number = police_left.copy_number

),

final as (

    select
        case_system_record_id,
        police_record_id,
        'ASN_AND_SEQUENCE' as method_code
    from by_number
    union all
    select
        case_system_record_id,
        police_record_id,
        'PERSON_DAY_AND_CODE' as method_code
    from by_content

)

select * from final
