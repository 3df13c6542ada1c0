-- Other name of a child: one row per alias,
-- as known at the as-at date, typed and cleaned.
with

source as (

    select *
    from {{ as_at_slice(source('raw', 'case_system__person_name')) }} as as_at

),

final as (

    select
        service_code,
        record_id,
        {{ read_text('name_id') }} as name_id,
        {{ read_text('person_id') }} as person_id,
        {{ read_text('given_name') }} as given_name,
        {{ read_text('family_name') }} as family_name
    from source

)

select * from final
