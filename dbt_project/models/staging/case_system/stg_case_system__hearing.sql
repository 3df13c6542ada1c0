-- Court hearing: one row per hearing of a child,
-- as known at the as-at date, typed and cleaned.
with

source as (

    select *
    from {{ as_at_slice(source('raw', 'case_system__hearing')) }} as as_at

),

final as (

    select
        service_code,
        record_id,
        {{ read_text('hearing_id') }} as hearing_id,
        {{ read_text('person_id') }} as person_id,
        {{ read_date('hearing_date') }} as hearing_date,
        {{ read_code('court_type') }} as court_type,
        {{ read_text('court_code') }} as court_code,
        {{ read_code('remand_decision') }} as remand_decision
    from source

)

select * from final
