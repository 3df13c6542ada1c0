-- Special educational need: one row per school term, pupil and need,
-- as known at the as-at date, typed and cleaned.
with

source as (

    select *
    from {{ as_at_slice(source('raw', 'education__census_sen_need')) }} as as_at

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
        {{ read_decimal('need_rank') }} as need_rank,
        {{ read_code('need_type') }} as need_type
    from source

)

select * from final
