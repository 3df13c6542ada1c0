-- Secondment: one row per person lent in kind, without a name,
-- as known at the as-at date, typed and cleaned.
with

source as (

    select *
    from {{ as_at_slice(source('raw', 'finance__secondment')) }} as as_at

),

final as (

    select
        service_code,
        record_id,
        {{ read_text('secondment_id') }} as secondment_id,
        lower({{ read_code('contributor') }}) as contributor,
        {{ read_code('role') }} as role,
        {{ read_decimal('whole_time_equivalent') }} as whole_time_equivalent,
        {{ read_date('start_date') }} as start_date,
        {{ read_date('end_date') }} as end_date,
        {{ read_money('annual_value_gbp') }} as annual_value_gbp
    from source

)

select * from final
