-- Court result message: one row per ResultedCaseMessage (one defendant, one hearing),
-- as known at the as-at date, typed and cleaned.
with

source as (

    select *
    from {{ as_at_slice(source('raw', 'police__court_message')) }} as as_at

),

final as (

    select
        service_code,
        record_id,
        {{ read_text('message_id') }} as message_id,
        {{ read_text('ptiurn') }} as ptiurn,
        {{ read_asn('asn') }} as asn,
        {{ read_text('court_code') }} as court_code,
        {{ read_date('hearing_date') }} as hearing_date,
        {{ read_text('hearing_time') }} as hearing_time,
        {{ read_text('psa_code') }} as psa_code,
        {{ read_pnc('pnc_id') }} as pnc_id,
        {{ read_text('title') }} as title,
        {{ read_text('given_name') }} as given_name,
        {{ read_text('family_name') }} as family_name,
        {{ read_date('date_of_birth') }} as date_of_birth,
        {{ read_code('sex') }} as sex,
        {{ read_code('bail_status') }} as bail_status,
        {{ read_text('address') }} as address,
        {{ read_code('present_at_hearing') }} as present_at_hearing,
        {{ read_integer('offence_count') }} as offence_count,
        row_number() over (
            partition by
                coalesce({{ read_text('ptiurn') }}, record_id),
                coalesce({{ read_asn('asn') }}, {{ read_name('family_name') }} || date_of_birth, record_id),
                {{ read_date('hearing_date') }}, {{ read_text('court_code') }}
            order by recorded_from desc, business_date desc, row_number desc, record_id desc
        ) = 1 as is_latest
    from source

)

select * from final
