-- Reserve movement: one row per movement of a reserve,
-- as known at the as-at date, typed and cleaned.
with

source as (

    select *
    from {{ as_at_slice(source('raw', 'finance__reserve_movement')) }} as as_at

),

final as (

    select
        service_code,
        record_id,
        {{ read_text('movement_id') }} as movement_id,
        {{ read_financial_year('financial_year') }} as financial_year,
        {{ read_integer('period') }} as period,
        {{ read_date('movement_date') }} as movement_date,
        {{ read_code('reserve') }} as reserve,
        {{ read_code('kind') }} as kind,
        {{ read_code('status') }} as status,
        {{ read_money('amount_gbp') }} as amount_gbp,
        {{ read_money('balance_gbp') }} as balance_gbp,
        {{ read_text('note') }} as note,
        business_date as delivery_date,
        load_id
    from source

)

select * from final
