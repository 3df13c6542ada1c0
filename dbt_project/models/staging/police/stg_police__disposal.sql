-- Disposal: one row per final result of a charge,
-- as known at the as-at date, typed and cleaned.
with

source as (

    select *
    from {{ as_at_slice(source('raw', 'police__disposal')) }} as as_at

),

final as (

    select
        service_code,
        record_id,
        {{ read_asn('asn') }} as asn,
        {{ read_integer('offence_sequence') }} as offence_sequence,
        {{ read_code('disposal_code') }} as disposal_code,
        {{ read_date('disposal_date') }} as disposal_date,
        {{ read_code('qualifier') }} as qualifier,
        {{ read_integer('duration_value') }} as duration_value,
        {{ read_code('duration_unit') }} as duration_unit,
        {{ read_money('amount_gbp') }} as amount_gbp
    from source

)

select * from final
