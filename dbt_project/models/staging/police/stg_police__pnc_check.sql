-- Check of a child on the Police National Computer: one row per child and day of the check,
-- as known at the as-at date, typed and cleaned.
with

source as (

    select *
    from {{ as_at_slice(source('raw', 'police__pnc_check')) }} as as_at

),

final as (

    select
        service_code,
        record_id,
        {{ read_pnc('pnc_id') }} as pnc_id,
        {{ read_text('given_name') }} as given_name,
        {{ read_text('family_name') }} as family_name,
        {{ read_date('date_of_birth') }} as date_of_birth,
        {{ read_date('checked_on') }} as checked_on,
        {{ read_date('first_disposal_date') }} as first_disposal_date,
        {{ read_code('first_disposal_code') }} as first_disposal_code
    from source

)

select * from final
