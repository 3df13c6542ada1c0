-- Payment of a partner: one row per payment,
-- as known at the as-at date, typed and cleaned.
with

source as (

    select *
    from {{ as_at_slice(source('raw', 'finance__contribution_receipt')) }} as as_at

),

final as (

    select
        service_code,
        record_id,
        {{ read_text('receipt_id') }} as receipt_id,
        {{ read_text('invoice_id') }} as invoice_id,
        {{ read_date('received_on') }} as received_on,
        {{ read_money('amount_gbp') }} as amount_gbp
    from source

)

select * from final
