-- Education, employment or training spell: one row per placement of a child,
-- as known at the as-at date, typed and cleaned.
with

source as (

    select *
    from {{ as_at_slice(source('raw', 'case_system__ete_status')) }} as as_at

),

final as (

    select
        service_code,
        record_id,
        {{ read_text('ete_id') }} as ete_id,
        {{ read_text('person_id') }} as person_id,
        {{ read_date('start_date') }} as start_date,
        {{ read_date('end_date') }} as end_date,
        {{ read_code('provision_type') }} as provision_type,
        {{ read_code('suitability') }} as suitability,
        {{ read_hours('hours_offered') }} as hours_offered,
        {{ read_hours('hours_attended') }} as hours_attended
    from source

)

select * from final
