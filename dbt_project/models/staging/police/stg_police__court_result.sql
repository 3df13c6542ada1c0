-- Result in a court message: one row per Result element,
-- as known at the as-at date, typed and cleaned.
with

source as (

    select *
    from {{ as_at_slice(source('raw', 'police__court_result')) }} as as_at

),

final as (

    select
        service_code,
        record_id,
        {{ read_text('message_id') }} as message_id,
        {{ read_integer('offence_number') }} as offence_number,
        {{ read_integer('result_number') }} as result_number,
        {{ read_code('result_code') }} as result_code,
        {{ read_text('qualifiers') }} as qualifiers,
        {{ read_text('result_text') }} as result_text,
        {{ read_integer('duration_value') }} as duration_value,
        {{ read_code('duration_unit') }} as duration_unit,
        {{ read_money('amount_gbp') }} as amount_gbp,
        {{ read_code('bail_status') }} as bail_status,
        {{ read_date('next_hearing_date') }} as next_hearing_date,
        {{ read_text('next_hearing_court') }} as next_hearing_court
    from source

)

select * from final
