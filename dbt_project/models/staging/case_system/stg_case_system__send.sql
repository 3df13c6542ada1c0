-- Special educational needs: one row per spell of need,
-- as known at the as-at date, typed and cleaned.
with

source as (

    select *
    from {{ as_at_slice(source('raw', 'case_system__send')) }} as as_at

),

final as (

    select
        service_code,
        record_id,
        {{ read_text('send_id') }} as send_id,
        {{ read_text('person_id') }} as person_id,
        {{ read_boolean('is_identified') }} as is_identified,
        {{ read_boolean('has_formal_plan') }} as has_formal_plan,
        {{ read_date('start_date') }} as start_date,
        {{ read_date('end_date') }} as end_date
    from source

)

select * from final
