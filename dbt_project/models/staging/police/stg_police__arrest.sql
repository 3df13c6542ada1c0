-- Arrest: one row per arrest,
-- as known at the as-at date, typed and cleaned.
with

source as (

    select *
    from {{ as_at_slice(source('raw', 'police__arrest')) }} as as_at

),

final as (

    select
        service_code,
        record_id,
        {{ read_asn('asn') }} as asn,
        {{ read_pnc('pnc_id') }} as pnc_id,
        {{ read_text('given_name') }} as given_name,
        {{ read_text('family_name') }} as family_name,
        {{ read_date('date_of_birth') }} as date_of_birth,
        {{ read_code('sex') }} as sex,
        {{ read_code('ethnicity') }} as ethnicity,
        {{ read_code('officer_ethnicity') }} as officer_ethnicity,
        {{ read_text('postcode') }} as postcode,
        {{ read_date('arrested_at') }} as arrested_at,
        {{ read_text('station_code') }} as station_code,
        {{ read_code('release_type') }} as release_type
    from source

)

select * from final
