-- Pupil in a transfer file: one row per pupil, sending school and day of the file,
-- as known at the as-at date, typed and cleaned.
with

source as (

    select *
    from {{ as_at_slice(source('raw', 'education__transfer_pupil')) }} as as_at

),

final as (

    select
        service_code,
        record_id,
        {{ read_upn('upn') }} as upn,
        {{ read_upn('former_upn') }} as former_upn,
        {{ read_uln('uln') }} as uln,
        {{ read_text('family_name') }} as family_name,
        {{ read_text('given_name') }} as given_name,
        {{ read_date('date_of_birth') }} as date_of_birth,
        {{ read_code('sex') }} as sex,
        {{ read_code('ethnicity') }} as ethnicity,
        {{ read_code('sen_provision') }} as sen_provision,
        {{ read_text('source_school') }} as source_school,
        {{ read_text('destination_school') }} as destination_school,
        {{ read_date('sent_on') }} as sent_on
    from source

)

select * from final
