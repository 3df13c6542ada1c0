-- Charge: one row per offence charged under an ASN,
-- as known at the as-at date, typed and cleaned.
with

source as (

    select *
    from {{ as_at_slice(source('raw', 'police__charge')) }} as as_at

),

final as (

    select
        service_code,
        record_id,
        {{ read_asn('asn') }} as asn,
        {{ read_integer('offence_sequence') }} as offence_sequence,
        {{ read_code('cjs_code') }} as cjs_code,
        {{ read_date('offence_date') }} as offence_date,
        {{ read_date('offence_end_date') }} as offence_end_date,
        {{ read_date('charge_date') }} as charge_date,
        {{ read_boolean('is_tic') }} as is_tic,
        {{ read_text('location') }} as location
    from source

)

select * from final
