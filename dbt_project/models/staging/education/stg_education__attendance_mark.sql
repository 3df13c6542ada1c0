-- Attendance mark: one row per pupil, day and half day,
-- as known at the as-at date, typed and cleaned.
with

source as (

    select *
    from {{ as_at_slice(source('raw', 'education__attendance_mark')) }} as as_at

),

final as (

    select
        service_code,
        record_id,
        upper({{ read_text('upn') }}) as upn,
        {{ read_text('school_id') }} as school_id,
        {{ read_date('mark_date') }} as mark_date,
        {{ read_code('session') }} as session,
        {{ read_code('attendance_code') }} as attendance_code
    from source

)

select * from final
