-- Child: one row per child known to the service,
-- as known at the as-at date, typed and cleaned.
with

source as (

    select *
    from {{ as_at_slice(source('raw', 'case_system__person')) }} as as_at

),

final as (

    select
        service_code,
        record_id,
        {{ read_text('person_id') }} as person_id,
        {{ read_pnc('pnc_id') }} as pnc_id,
        {{ read_upn('upn') }} as upn,
        {{ read_uln('uln') }} as uln,
        {{ read_nhs('nhs_number') }} as nhs_number,
        {{ read_text('given_name') }} as given_name,
        {{ read_text('family_name') }} as family_name,
        {{ read_date('date_of_birth') }} as date_of_birth,
        {{ read_code('sex') }} as sex,
        {{ read_code('ethnicity') }} as ethnicity,
        coalesce({{ read_boolean('is_protected') }}, false) as is_protected,
        {{ read_boolean('is_deleted') }} as is_deleted
    from source

)

select * from final
