-- Offence in a court message: one row per Offence element,
-- as known at the as-at date, typed and cleaned.
with

source as (

    select *
    from {{ as_at_slice(source('raw', 'police__court_offence')) }} as as_at

),

final as (

    select
        service_code,
        record_id,
        {{ read_text('message_id') }} as message_id,
        {{ read_integer('offence_number') }} as offence_number,
        {{ read_text('offence_sequence') }} as offence_sequence,
        {{ read_code('cjs_code') }} as cjs_code,
        {{ read_text('offence_wording') }} as offence_wording,
        {{ read_code('offence_date_code') }} as offence_date_code,
        {{ read_date('offence_date') }} as offence_date,
        {{ read_date('offence_end_date') }} as offence_end_date,
        {{ read_date('charge_date') }} as charge_date,
        {{ read_date('arrest_date') }} as arrest_date,
        {{ read_text('location') }} as location,
        {{ read_code('plea') }} as plea,
        {{ read_code('mode_of_trial') }} as mode_of_trial,
        {{ read_boolean('is_final') }} as is_final,
        {{ read_date('conviction_date') }} as conviction_date,
        {{ read_code('finding') }} as finding
    from source

)

select * from final
