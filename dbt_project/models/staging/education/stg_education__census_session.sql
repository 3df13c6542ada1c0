-- Sessions missed by reason: one row per school term, pupil and reason,
-- as known at the as-at date, typed and cleaned.
with

source as (

    select *
    from {{ as_at_slice(source('raw', 'education__census_session')) }} as as_at

),

final as (

    select
        service_code,
        record_id,
        split_part(record_id, '|', 1) as return_term,
        business_date as returned_on,
        {{ read_text('pupil_id') }} as pupil_id,
        {{ read_text('school_id') }} as school_id,
        {{ read_text('row_id') }} as row_id,
        {{ read_text('row_order') }} as row_order,
        {{ read_decimal('sessions') }} as sessions,
        {{ read_code('attendance_code') }} as attendance_code
    from source

)

select * from final
