-- Control total of the ledger: one row per financial year, period and status, as the ledger adds it up,
-- as known at the as-at date, typed and cleaned.
with

source as (

    select *
    from {{ as_at_slice(source('raw', 'finance__ledger_control_total')) }} as as_at

),

final as (

    select
        service_code,
        record_id,
        {{ read_financial_year('financial_year') }} as financial_year,
        {{ read_integer('period') }} as period,
        {{ read_word('status') }} as status,
        {{ read_integer('lines') }} as lines,
        {{ read_money('total_gbp') }} as total_gbp,
        business_date as delivery_date,
        load_id
    from source

)

select * from final
