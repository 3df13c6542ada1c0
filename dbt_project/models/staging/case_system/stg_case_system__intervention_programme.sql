-- Order or programme: one row per order or programme of a child,
-- as known at the as-at date, typed and cleaned.
with

source as (

    select *
    from {{ as_at_slice(source('raw', 'case_system__intervention_programme')) }} as as_at

),

final as (

    select
        service_code,
        record_id,
        {{ read_text('programme_id') }} as programme_id,
        {{ read_text('person_id') }} as person_id,
        {{ read_date('start_date') }} as start_date,
        {{ read_date('end_date') }} as end_date,
        {{ read_date('planned_end_date') }} as planned_end_date,
        {{ read_code('disposal_type') }} as disposal_type,
        {{ read_code('end_reason') }} as end_reason,
        {{ read_code('team_code') }} as team_code,
        {{ read_date('released_on') }} as released_on
    from source

)

select * from final
