-- Condition of a grant: one row per condition of a grant,
-- as known at the as-at date, typed and cleaned.
with

source as (

    select *
    from {{ as_at_slice(source('raw', 'finance__grant_condition')) }} as as_at

),

final as (

    select
        service_code,
        record_id,
        {{ read_text('grant_id') }} as grant_id,
        {{ read_integer('condition_number') }} as condition_number,
        {{ read_code('condition_code') }} as condition_code,
        {{ read_date('due_date') }} as due_date,
        {{ read_date('met_on') }} as met_on,
        {{ read_text('wording') }} as wording
    from source

)

select * from final
