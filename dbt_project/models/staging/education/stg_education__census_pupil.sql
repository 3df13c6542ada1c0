-- Pupil on roll: one row per school term, pupil and school,
-- as known at the as-at date, typed and cleaned.
with

source as (

    select *
    from {{ as_at_slice(source('raw', 'education__census_pupil')) }} as as_at

),

final as (

    select
        service_code,
        record_id,
        split_part(record_id, '|', 1) as return_term,
        business_date as returned_on,
        {{ read_text('pupil_id') }} as pupil_id,
        {{ read_text('school_id') }} as school_id,
        {{ read_date('date_of_birth') }} as date_of_birth,
        {{ read_text('family_name') }} as family_name,
        {{ read_text('given_name') }} as given_name,
        {{ read_upn('upn') }} as upn,
        {{ read_upn('former_upn') }} as former_upn,
        {{ read_uln('uln') }} as uln,
        {{ read_code('sex') }} as sex,
        {{ read_code('ethnicity') }} as ethnicity,
        {{ read_date('entry_date') }} as entry_date,
        {{ read_boolean('is_part_time') }} as is_part_time,
        {{ read_code('enrolment_status') }} as enrolment_status,
        {{ read_code('sen_provision') }} as sen_provision,
        {{ read_code('national_curriculum_year') }} as national_curriculum_year,
        {{ read_decimal('hours_at_setting') }} as hours_at_setting,
        {{ read_decimal('sessions_possible') }} as sessions_possible,
        {{ read_decimal('sessions_authorised') }} as sessions_authorised,
        {{ read_decimal('sessions_unauthorised') }} as sessions_unauthorised
    from source

)

select * from final
