-- Invoice to a partner: one row per invoice or credit note,
-- as known at the as-at date, typed and cleaned.
with

source as (

    select *
    from {{ as_at_slice(source('raw', 'finance__contribution_invoice')) }} as as_at

),

final as (

    select
        service_code,
        record_id,
        {{ read_text('invoice_id') }} as invoice_id,
        {{ read_financial_year('financial_year') }} as financial_year,
        lower({{ read_code('contributor') }}) as contributor,
        lower({{ read_code('funding_stream') }}) as funding_stream,
        {{ read_date('invoiced_on') }} as invoiced_on,
        {{ read_date('due_date') }} as due_date,
        {{ read_money('amount_gbp') }} as amount_gbp
    from source

)

select * from final
