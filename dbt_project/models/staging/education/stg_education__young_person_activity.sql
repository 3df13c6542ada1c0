-- Activity of a young person in the participation extract: one row per young person, first day and activity,
-- as known at the as-at date, typed and cleaned.
with

source as (

    select *
    from {{ as_at_slice(source('raw', 'education__young_person_activity')) }} as as_at

),

final as (

    select
        service_code,
        record_id,
        {{ read_text('young_person_id') }} as young_person_id,
        {{ read_code('activity_code') }} as activity_code,
        {{ read_date('activity_start_date') }} as activity_start_date,
        {{ read_date('activity_valid_until') }} as activity_valid_until,
        {{ read_text('establishment') }} as establishment,
        {{ read_date('review_date') }} as review_date
    from source

)

select * from final
