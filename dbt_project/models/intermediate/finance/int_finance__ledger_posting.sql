-- Ledger postings with their key, each code as one of our lists or UNMAPPED. Descriptions and suppliers stay behind:
-- they can name children, and so can any word that stands where a code is wanted. Every posting has its row, or the
-- ledger would not add up. Joined by equality alone: millions of lines are hashed, never looped over.
with

ledger_posting as (

    select
        *,
        coalesce({{ financial_period_end('financial_year', 'period') }}, posting_date) as account_day
    from {{ ref('stg_finance__ledger_posting') }}

),

record_link as (

    select * from {{ ref('int_identity__record_link') }}
    where feed = 'finance' and entity = 'ledger_posting'

),

account as (

    select * from {{ ref('ref_account') }}
    where service_code = '{{ var("yos:service") }}'

),

cost_centre as (

    select * from {{ ref('ref_cost_centre') }}
    where service_code = '{{ var("yos:service") }}'

),

map_programme as (

    select * from {{ ref('map_programme') }}

),

map_ledger_status as (

    select * from {{ ref('map_ledger_status') }}

),

map_ledger_source as (

    select * from {{ ref('map_ledger_source') }}

),

supplier_category as (

    select * from {{ ref('code_supplier_category') }}

),

final as (

    select
        ledger_posting.service_code,
        record_link.record_key as ledger_posting_key,
        ledger_posting.posting_date,
        {{ financial_period_key('ledger_posting.financial_year', 'ledger_posting.period') }} as financial_period_key,
        ledger_posting.financial_year,
        ledger_posting.period,
        coalesce(account.subjective_code || '@' || account.valid_from, 'UNMAPPED') as account_key,
        coalesce(cost_centre.cost_centre_code, 'UNMAPPED') as cost_centre_code,
        coalesce(map_programme.programme_code, 'UNMAPPED') as programme_code,
        case
            when ledger_posting.source_code is null then 'NOT_STATED'
            else coalesce(map_ledger_source.source_code, 'NOT_KNOWN')
        end as source_code,
        coalesce(map_ledger_status.status_code, 'NOT_KNOWN') as status_code,
        case
            when supplier_category.code is not null then supplier_category.code
            when map_ledger_source.source_code = 'PAYROLL' then 'EMPLOYEES'
            else coalesce(account.supplier_category_code, 'NOT_KNOWN')
        end as supplier_category_code,
        -- income is told by its account; a negative amount may be a correction of spending
        coalesce(account.account_group_code = 'INCOME', false) as is_income,
        ledger_posting.reverses_journal is not null as is_reversal,
        ledger_posting.amount_gbp
    from ledger_posting
    left join account
        on
            ledger_posting.subjective = account.subjective_code
            and {{ is_valid_on('account', 'ledger_posting.account_day') }}
    left join cost_centre on ledger_posting.cost_centre = cost_centre.cost_centre_code
    left join map_programme on coalesce(ledger_posting.project, 'CORE') = map_programme.code
    left join map_ledger_status on ledger_posting.status = map_ledger_status.code
    left join map_ledger_source on ledger_posting.source_code = map_ledger_source.code
    left join supplier_category on ledger_posting.supplier_type = supplier_category.code
    left join record_link on ledger_posting.record_id = record_link.source_id

)

select * from final
