-- Ledger posting: one row per journal line,
-- as known at the as-at date, typed and cleaned.
with

source as (

    select *
    from {{ as_at_slice(source('raw', 'finance__ledger_posting')) }} as as_at

),

typed as (

    select
        service_code,
        record_id,
        {{ read_text('journal_id') }} as journal_id,
        {{ read_integer('line_number') }} as line_number,
        {{ read_financial_year('financial_year') }} as financial_year,
        {{ read_integer('period') }} as period,
        {{ read_date('posting_date') }} as posting_date,
        {{ read_code('cost_centre') }} as cost_centre,
        {{ read_code('subjective') }} as subjective,
        case
            when {{ read_text('project') }} is not null then coalesce({{ read_code('project') }}, 'NOT_KNOWN')
        end as project,
        {{ read_text('description') }} as description,
        {{ read_text('supplier') }} as supplier,
        {{ read_code('supplier_type') }} as supplier_type,
        {{ read_word('source_code') }} as source_code,
        {{ read_word('status') }} as status,
        {{ read_text('reverses_journal') }} as reverses_journal,
        {{ read_money('amount_gbp') }} as signed_gbp,
        {{ read_money('debit_gbp') }} as debit_gbp,
        {{ read_money('credit_gbp') }} as credit_gbp
    from source
    -- a fence: without it each amount of millions of lines would be parsed as often as it is named below
    offset 0 -- noqa: AM09

),

-- Some ledgers sign the amount, others have a column for each side; of two columns an empty one is nothing.
final as (

    select
        service_code,
        record_id,
        journal_id,
        line_number,
        financial_year,
        period,
        posting_date,
        cost_centre,
        subjective,
        project,
        description,
        supplier,
        supplier_type,
        source_code,
        status,
        reverses_journal,
        case
            when signed_gbp is not null then signed_gbp
            when abs(coalesce(debit_gbp, 0) - coalesce(credit_gbp, 0)) >= 1000000000000 then null
            when debit_gbp is not null or credit_gbp is not null then coalesce(debit_gbp, 0) - coalesce(credit_gbp, 0)
        end::numeric(14, 2) as amount_gbp
    from typed

)

select * from final
