-- Ledger posting: one row per journal line,
-- as known at the as-at date, typed and cleaned.
with

source as (

    select *
    from {{ as_at_slice(source('raw', 'finance__ledger_posting')) }} as as_at

),

final as (

    select
        service_code,
        record_id,
        {{ read_text('journal_id') }} as journal_id,
        {{ read_integer('line_number') }} as line_number,
        {{ read_text('financial_year') }} as financial_year,
        {{ read_integer('period') }} as period,
        {{ read_date('posting_date') }} as posting_date,
        {{ read_code('cost_centre') }} as cost_centre,
        {{ read_code('subjective') }} as subjective,
        case
            when {{ read_text('project') }} is not null then coalesce({{ read_code('project') }}, 'NOT_KNOWN')
        end as project,
        {{ read_text('description') }} as description,
        {{ read_text('supplier') }} as supplier,
        {{ read_code('source_code') }} as source_code,
        {{ read_code('status') }} as status,
        {{ read_money('amount_gbp') }} as amount_gbp
    from source

)

select * from final
