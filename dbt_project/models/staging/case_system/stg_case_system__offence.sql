-- Offence: one row per offence of a child,
-- as known at the as-at date, typed and cleaned.
with

source as (

    select *
    from {{ as_at_slice(source('raw', 'case_system__offence')) }} as as_at

),

final as (

    select
        service_code,
        record_id,
        {{ read_text('offence_id') }} as offence_id,
        {{ read_text('person_id') }} as person_id,
        {{ read_code('cjs_code') }} as cjs_code,
        {{ read_date('offence_date') }} as offence_date,
        {{ read_date('arrest_date') }} as arrest_date,
        {{ read_asn('asn') }} as asn,
        {{ read_integer('offence_sequence') }} as offence_sequence,
        {{ read_text('programme_breach_id') }} as programme_breach_id,
        {{ read_boolean('is_knife_related') }} as is_knife_related,
        {{ read_boolean('is_tic') }} as is_tic,
        nullif({{ read_code('yjb_offence_category') }}, 'NOT_KNOWN') as yjb_offence_category,
        case when {{ read_integer('yjb_seriousness') }} between 1 and 8 then {{ read_integer('yjb_seriousness') }} end
            as yjb_seriousness
    from source

)

select * from final
