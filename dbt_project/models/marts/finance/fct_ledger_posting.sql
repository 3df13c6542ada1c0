-- The ledger's journal lines without descriptions and suppliers, which can name children.
with

ledger_posting as (

    select * from {{ ref('int_finance__ledger_posting') }}

),

final as (

    select
        ledger_posting_key,
        posting_date,
        financial_year,
        period,
        cost_centre_code,
        subjective_code,
        subjective_name,
        is_income,
        coalesce(project_code, 'NONE') as project_code,
        coalesce(source_code, 'NOT_STATED') as source_code,
        status_code,
        amount_gbp,
        service_code
    from ledger_posting
    where posting_date between date '{{ var("yos:calendar_start") }}' and date '{{ var("yos:calendar_end") }}'

)

select * from final
