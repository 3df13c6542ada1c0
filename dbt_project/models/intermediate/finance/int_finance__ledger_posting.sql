-- Ledger postings with their key. Descriptions and suppliers stay behind: they can name children.
with

ledger_posting as (

    select * from {{ ref('stg_finance__ledger_posting') }}

),

record_link as (

    select * from {{ ref('int_identity__record_link') }}

),

code_subjective as (

    select * from {{ ref('code_subjective') }}

),

final as (

    select
        ledger_posting.service_code,
        record_link.record_key as ledger_posting_key,
        ledger_posting.posting_date,
        ledger_posting.financial_year,
        ledger_posting.period,
        ledger_posting.cost_centre as cost_centre_code,
        ledger_posting.subjective as subjective_code,
        coalesce(code_subjective.name, 'Not in the code list') as subjective_name,
        -- income is told by its code; a negative amount may be a correction of spending
        coalesce(code_subjective.kind = 'INCOME', false) as is_income,
        ledger_posting.project as project_code,
        ledger_posting.source_code,
        ledger_posting.status as status_code,
        ledger_posting.amount_gbp
    from ledger_posting
    left join code_subjective on ledger_posting.subjective = code_subjective.code
    left join record_link
        on
            ledger_posting.record_id = record_link.source_id
            and record_link.feed = 'finance'
            and record_link.entity = 'ledger_posting'

)

select * from final
