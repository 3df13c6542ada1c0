-- Time on the roll of a school: one spell per child, school and day of entry, put together from census returns and
-- transfer files. Nobody gives a leaving date while a pupil is there, so a spell without one ends when the school's
-- newest return no longer lists the pupil: on the day of the last return that did.
with

census_pupil as (

    select * from {{ ref('stg_education__census_pupil') }}

),

census_leaver as (

    select * from {{ ref('stg_education__census_leaver') }}

),

transfer_school as (

    select * from {{ ref('stg_education__transfer_school') }}

),

linked_record as (

    select * from {{ ref('int_education__linked_record') }}

),

pupil_number as (

    select * from {{ ref('int_education__pupil_number') }}

),

map_provision as (

    select *
    from {{ ref('map_provision') }}
    where scheme = 'ENROLMENT'

),

-- by term, for a correction of one changes the day of the corrected rows alone
newest_return as (

    select
        school_id,
        max(return_term) as return_term
    from census_pupil
    group by school_id

),

-- a previous registration (P) is no place
on_roll as (

    select
        linked_record.person_key,
        census_pupil.school_id,
        census_pupil.entry_date,
        null::date as leaving_date,
        census_pupil.return_term as on_roll_term,
        census_pupil.return_term,
        census_pupil.returned_on,
        1 as witness,
        census_pupil.record_id,
        census_pupil.is_part_time,
        coalesce(map_provision.provision_type_code, 'MAINSTREAM_SCHOOL') as provision_type_code
    from census_pupil
    inner join linked_record
        on
            census_pupil.record_id = linked_record.record_id
            and linked_record.entity = 'census_pupil'
    left join map_provision
        on
            census_pupil.enrolment_status = map_provision.source_code
            and census_pupil.returned_on >= coalesce(map_provision.valid_from, date '-infinity')
            and census_pupil.returned_on <= coalesce(map_provision.valid_to, date 'infinity')
    where census_pupil.enrolment_status is distinct from 'P'

),

off_roll as (

    select
        linked_record.person_key,
        census_leaver.school_id,
        census_leaver.entry_date,
        census_leaver.leaving_date,
        null as on_roll_term,
        census_leaver.return_term,
        census_leaver.returned_on,
        2 as witness,
        census_leaver.record_id,
        census_leaver.is_part_time,
        null as provision_type_code
    from census_leaver
    inner join linked_record
        on
            census_leaver.record_id = linked_record.record_id
            and linked_record.entity = 'census_leaver'

),

transferred as (

    select
        pupil_number.person_key,
        transfer_school.school_id,
        transfer_school.entry_date,
        transfer_school.leaving_date,
        null as on_roll_term,
        null as return_term,
        null::date as returned_on,
        3 as witness,
        transfer_school.record_id,
        null::boolean as is_part_time,
        null as provision_type_code
    from transfer_school
    inner join pupil_number on transfer_school.upn = pupil_number.upn

),

told as (

    select * from on_roll
    union all
    select * from off_roll
    union all
    select * from transferred

),

-- what a return does not say the one before may
put_together as (

    select
        person_key,
        school_id,
        entry_date,
        max(leaving_date) as leaving_date,
        max(on_roll_term) as on_roll_term,
        max(returned_on) filter (where on_roll_term is not null) as on_roll_until,
        max(returned_on) filter (where on_roll_term is null) as off_roll_since,
        (array_remove(
            array_agg(
                is_part_time order by return_term desc nulls last, returned_on desc, witness asc, record_id asc
            ), null
        ))[1] as is_part_time,
        (array_remove(
            array_agg(
                provision_type_code order by return_term desc nulls last, returned_on desc, witness asc, record_id asc
            ), null
        ))[1] as provision_type_code
    from told
    where entry_date is not null
    group by person_key, school_id, entry_date

),

ended as (

    select
        put_together.*,
        case
            when put_together.leaving_date is not null then put_together.leaving_date
            when put_together.on_roll_term is null then put_together.off_roll_since
            when put_together.on_roll_term < newest_return.return_term then put_together.on_roll_until
        end as end_date
    from put_together
    left join newest_return on put_together.school_id = newest_return.school_id

),

final as (

    select
        person_key,
        'SCHOOL' as source_code,
        school_id as record_id,
        entry_date as start_date,
        end_date,
        leaving_date is null and end_date is not null as is_end_estimated,
        false as is_lapsed,
        true as is_eet,
        case
            when is_part_time then 'SCHOOL_PART_TIME'
            else coalesce(provision_type_code, 'MAINSTREAM_SCHOOL')
        end as provision_type_code,
        null::numeric(5, 2) as hours_offered,
        null::numeric(5, 2) as hours_attended,
        'UNKNOWN' as suitability_code
    from ended

)

select * from final
