-- School attended, as a transfer file tells it: one row per pupil, school and first day,
-- as known at the as-at date, typed and cleaned.
with

source as (

    select *
    from {{ as_at_slice(source('raw', 'education__transfer_school')) }} as as_at

),

final as (

    select
        service_code,
        record_id,
        {{ read_upn('upn') }} as upn,
        {{ read_text('school_id') }} as school_id,
        {{ read_date('entry_date') }} as entry_date,
        {{ read_date('leaving_date') }} as leaving_date,
        {{ read_code('leaving_reason') }} as leaving_reason
    from source

)

select * from final
