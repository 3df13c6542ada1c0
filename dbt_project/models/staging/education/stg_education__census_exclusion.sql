-- Suspension or exclusion: one row per school term and suspension or exclusion,
-- as known at the as-at date, typed and cleaned.
with

source as (

    select *
    from {{ as_at_slice(source('raw', 'education__census_exclusion')) }} as as_at

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
        {{ read_date('start_date') }} as start_date,
        {{ read_decimal('sessions') }} as sessions,
        {{ read_code('reason_1') }} as reason_1,
        {{ read_code('reason_2') }} as reason_2,
        {{ read_code('reason_3') }} as reason_3,
        {{ read_code('category') }} as category,
        {{ read_code('sen_provision') }} as sen_provision
    from source

)

select * from final
