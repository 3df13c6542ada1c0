-- Stated total of a budget: one row per total that the board prints under one version of a year's budget,
-- as known at the as-at date, typed and cleaned.
with

source as (

    select *
    from {{ as_at_slice(source('raw', 'finance__budget_total')) }} as as_at

),

final as (

    select
        service_code,
        record_id,
        {{ read_financial_year('financial_year') }} as financial_year,
        {{ read_version('version') }} as version,
        {{ read_code('total_code') }} as total_code,
        {{ read_money('amount_gbp') }} as amount_gbp,
        business_date as delivery_date,
        load_id
    from source

)

select * from final
