-- The three steps of a contribution in cash: what is due by the budget in force, what was invoiced, what came in.
-- A reserve is the service's own money and owes nothing. What is paid in kind is never due: it is given in staff.
with

budget_line as (

    select * from {{ ref('int_finance__budget_line') }}

),

invoice as (

    select * from {{ ref('stg_finance__contribution_invoice') }}

),

receipt as (

    select * from {{ ref('stg_finance__contribution_receipt') }}

),

record_link as (

    select * from {{ ref('int_identity__record_link') }}
    where feed = 'finance' and entity in ('contribution_invoice', 'contribution_receipt')

),

contributor as (

    select * from {{ ref('int_finance__contributor') }}

),

ref_instalment as (

    select * from {{ ref('ref_instalment') }}
    where service_code = '{{ var("yos:service") }}'

),

-- A service that has said nothing about instalments has the year's contribution due on its first day.
instalment as (

    select
        instalment_number,
        due_month,
        due_day,
        share_pct,
        instalment_number = max(instalment_number) over () as is_last
    from ref_instalment
    union all
    select
        1 as instalment_number,
        4 as due_month,
        1 as due_day,
        100 as share_pct,
        true as is_last
    where not exists (select 1 from ref_instalment)

),

payable as (

    select
        budget_line.*,
        {{ financial_period_key('budget_line.financial_year', 1) }} as financial_period_key
    from budget_line
    left join contributor on budget_line.contributor_key = contributor.contributor_key
    where
        budget_line.is_in_force
        and budget_line.other_delegated_gbp <> 0
        and contributor.is_reserve is not true

),

part as (

    select
        payable.budget_line_key,
        payable.contributor_key,
        payable.financial_year,
        payable.funding_stream_code,
        payable.other_delegated_gbp,
        instalment.instalment_number,
        instalment.is_last,
        trunc(payable.other_delegated_gbp * instalment.share_pct / 100, 2) as part_gbp,
        make_date(
            nullif(payable.financial_period_key, -1) / 100 + (instalment.due_month < 4)::integer,
            instalment.due_month,
            instalment.due_day
        ) as due_date
    from payable
    cross join instalment

),

-- Every instalment but the last is cut to whole pennies; the last is what is left, so the year adds up.
due as (

    select
        budget_line_key,
        contributor_key,
        financial_year,
        funding_stream_code,
        instalment_number,
        due_date,
        case
            when not is_last then part_gbp
            else other_delegated_gbp - coalesce(sum(part_gbp) filter (where not is_last) over of_line, 0)
        end as amount_gbp
    from part
    window of_line as (partition by budget_line_key)

),

invoiced as (

    select
        invoice.record_id,
        record_link.record_key as invoice_key,
        coalesce(contributor.contributor_key, '-1') as contributor_key,
        invoice.financial_year,
        case
            when invoice.funding_stream is null then 'NOT_STATED'
            else {{ one_of('invoice.funding_stream', ['core', 'additional']) }}
        end as funding_stream_code,
        invoice.invoiced_on,
        invoice.due_date,
        invoice.amount_gbp
    from invoice
    left join contributor on invoice.contributor = contributor.contributor_key
    left join record_link
        on invoice.record_id = record_link.source_id and record_link.entity = 'contribution_invoice'

),

received as (

    select
        record_link.record_key as receipt_key,
        invoiced.invoice_key,
        coalesce(invoiced.contributor_key, '-1') as contributor_key,
        coalesce(invoiced.financial_year, {{ financial_year('receipt.received_on') }}) as financial_year,
        coalesce(invoiced.funding_stream_code, 'NOT_STATED') as funding_stream_code,
        receipt.received_on,
        invoiced.due_date,
        receipt.amount_gbp
    from receipt
    -- the record id is the number as it was written, blanks too
    left join invoiced on receipt.invoice_id = btrim(invoiced.record_id)
    left join record_link
        on receipt.record_id = record_link.source_id and record_link.entity = 'contribution_receipt'

),

steps as (

    select
        'DUE' as step_code,
        budget_line_key as source_key,
        instalment_number,
        -1 as invoice_key,
        coalesce(contributor_key, '-1') as contributor_key,
        financial_year,
        funding_stream_code,
        due_date as step_date,
        due_date as payment_due_date,
        amount_gbp
    from due
    union all
    select
        'INVOICED' as step_code,
        invoice_key as source_key,
        0 as instalment_number,
        invoice_key,
        contributor_key,
        financial_year,
        funding_stream_code,
        invoiced_on as step_date,
        due_date as payment_due_date,
        amount_gbp
    from invoiced
    union all
    select
        'RECEIVED' as step_code,
        receipt_key as source_key,
        0 as instalment_number,
        coalesce(invoice_key, -1) as invoice_key,
        contributor_key,
        financial_year,
        funding_stream_code,
        received_on as step_date,
        due_date as payment_due_date,
        amount_gbp
    from received

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
        step_date,
        payment_due_date,
        amount_gbp::numeric(14, 2) as amount_gbp,
        '{{ var("yos:service") }}' as service_code
    from steps

)

select * from final
