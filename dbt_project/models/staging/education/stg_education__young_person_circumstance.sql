-- Circumstance of a young person in the participation extract: one row per young person, circumstance and first day,
-- as known at the as-at date, typed and cleaned.
with

source as (

    select *
    from {{ as_at_slice(source('raw', 'education__young_person_circumstance')) }} as as_at

),

final as (

    select
        service_code,
        record_id,
        {{ read_text('young_person_id') }} as young_person_id,
        {{ read_code('circumstance_code') }} as circumstance_code,
        {{ read_date('start_date') }} as start_date,
        {{ read_date('end_date') }} as end_date
    from source

)

select * from final
