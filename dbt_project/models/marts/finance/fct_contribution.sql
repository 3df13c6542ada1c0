-- What partners owe in cash, what they were billed and what they paid.
with

contribution as (

    select * from {{ ref('int_finance__contribution') }}

),

final as (

    select
        step_code,
        source_key,
        instalment_number,
        invoice_key,
        contributor_key,
        financial_year,
        funding_stream_code,
        {{ calendar_day('step_date') }} as step_date,
        payment_due_date,
        amount_gbp,
        service_code
    from contribution

)

select * from final
