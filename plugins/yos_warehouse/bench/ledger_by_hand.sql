-- The mart of postings from staging as one would write it in one piece: what the benchmark measures dbt's models against.
select
    link.record_key as ledger_posting_key,
    case when posting.posting_date between date '2000-01-01' and date '2035-12-31' then posting.posting_date end
        as posting_date,
    left(posting.financial_year, 4)::integer * 100 + posting.period as financial_period_key,
    posting.financial_year,
    posting.period,
    coalesce(account.subjective_code || '@' || account.valid_from, 'UNMAPPED') as account_key,
    coalesce(centre.cost_centre_code, 'UNMAPPED') as cost_centre_code,
    coalesce(programme.programme_code, 'UNMAPPED') as programme_code,
    case when posting.source_code is null then 'NOT_STATED' else coalesce(source.source_code, 'NOT_KNOWN') end
        as source_code,
    coalesce(status.status_code, 'NOT_KNOWN') as status_code,
    coalesce(
        category.code,
        case when source.source_code = 'PAYROLL' then 'EMPLOYEES' else account.supplier_category_code end,
        'NOT_KNOWN'
    ) as supplier_category_code,
    coalesce(account.account_group_code = 'INCOME', false) as is_income,
    posting.reverses_journal is not null as is_reversal,
    posting.amount_gbp,
    posting.service_code
from staging.stg_finance__ledger_posting as posting
inner join intermediate.int_identity__record_link as link
    on posting.record_id = link.source_id and link.feed = 'finance' and link.entity = 'ledger_posting'
left join ref.ref_account as account
    on
        posting.subjective = account.subjective_code
        and posting.service_code = account.service_code
        and (
            make_date(left(posting.financial_year, 4)::integer + (posting.period > 9)::integer, (least(posting.period, 12) + 2) % 12 + 1, 1)
            + interval '1 month' - interval '1 day'
        )::date between account.valid_from and coalesce(account.valid_to, date 'infinity')
left join ref.ref_cost_centre as centre
    on posting.cost_centre = centre.cost_centre_code and posting.service_code = centre.service_code
left join ref.map_programme as programme on coalesce(posting.project, 'CORE') = programme.code
left join ref.map_ledger_source as source on posting.source_code = source.code
left join ref.map_ledger_status as status on posting.status = status.code
left join ref.code_supplier_category as category on posting.supplier_type = category.code
