-- Care status: one row per spell in care,
-- as known at the as-at date, typed and cleaned.
with

source as (

    select *
    from {{ as_at_slice(source('raw', 'case_system__care_status')) }} as as_at

),

final as (

    select
        service_code,
        record_id,
        {{ read_text('care_id') }} as care_id,
        {{ read_text('person_id') }} as person_id,
        {{ read_code('status') }} as status,
        {{ read_date('start_date') }} as start_date,
        {{ read_date('end_date') }} as end_date
    from source

)

select * from final
