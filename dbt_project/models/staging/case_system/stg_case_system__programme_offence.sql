-- Offence an order was made for: one row per order and offence,
-- as known at the as-at date, typed and cleaned.
with

source as (

    select *
    from {{ as_at_slice(source('raw', 'case_system__programme_offence')) }} as as_at

),

final as (

    select
        service_code,
        record_id,
        {{ read_text('programme_id') }} as programme_id,
        {{ read_text('offence_id') }} as offence_id
    from source

)

select * from final
