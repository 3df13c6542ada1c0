-- Received figure: one row per indicator, basis, area, period and document,
-- as known at the as-at date, typed and cleaned.
with

source as (

    select *
    from {{ as_at_slice(source('raw', 'published__value')) }} as as_at

),

final as (

    select
        service_code,
        record_id,
        coalesce({{ read_text('document') }}, '-') as document,
        lower({{ read_code('indicator_id') }}) as indicator_id,
        {{ read_text('basis') }} as basis,
        {{ read_code('area_kind') }} as area_kind,
        {{ read_text('area_name') }} as area_name,
        {{ read_text('period_name') }} as period_name,
        {{ read_date('first_day') }} as first_day,
        {{ read_date('last_day') }} as last_day,
        ref.parse_number(btrim(printed_value))::numeric(18, 6) as printed_value,
        scale(ref.parse_number(btrim(printed_value))) as printed_decimals,
        {{ read_text('unit') }} as unit,
        ref.parse_number(btrim(numerator))::numeric(18, 6) as numerator,
        ref.parse_number(btrim(denominator))::numeric(18, 6) as denominator,
        {{ read_text('comparison_printed') }} as comparison_printed,
        {{ read_text('target') }} as target,
        {{ read_text('note') }} as note,
        {{ read_boolean('is_suspect') }} as is_suspect
    from source

)

select * from final
