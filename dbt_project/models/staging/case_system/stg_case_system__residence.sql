-- Address of a child: one row per address spell,
-- as known at the as-at date, typed and cleaned.
with

source as (

    select *
    from {{ as_at_slice(source('raw', 'case_system__residence')) }} as as_at

),

final as (

    select
        service_code,
        record_id,
        {{ read_text('residence_id') }} as residence_id,
        {{ read_text('person_id') }} as person_id,
        {{ read_date('start_date') }} as start_date,
        {{ read_date('end_date') }} as end_date,
        {{ read_text('address_line') }} as address_line,
        {{ read_text('postcode') }} as postcode,
        {{ read_code('district_code') }} as district_code,
        {{ read_code('accommodation_type') }} as accommodation_type
    from source

)

select * from final
