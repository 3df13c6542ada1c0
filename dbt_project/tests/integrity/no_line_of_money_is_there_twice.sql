-- Lines that are one and the same but for how their key is written (Health and health, 01 and 1): both would count.
-- What cannot be read of a key is left out: two such lines need not be the same.
select
    'budget_line' as entity,
    max(record_id) as record_id
from {{ ref('stg_finance__budget_line') }}
where contributor is not null and funding_stream is not null and version <> 'NOT_KNOWN'
group by financial_year, version, contributor, funding_stream
having count(*) > 1
union all
select
    'budget_total' as entity,
    max(record_id) as record_id
from {{ ref('stg_finance__budget_total') }}
where total_code is not null and version <> 'NOT_KNOWN'
group by financial_year, version, total_code
having count(*) > 1
union all
select
    'planned_spending' as entity,
    max(record_id) as record_id
from {{ ref('stg_finance__planned_spending') }}
where
    cost_centre is not null
    and subjective is not null
    and project is distinct from 'NOT_KNOWN'
    and version <> 'NOT_KNOWN'
group by financial_year, version, cost_centre, subjective, coalesce(project, 'NONE')
having count(*) > 1
union all
select
    'ledger_posting' as entity,
    max(record_id) as record_id
from {{ ref('stg_finance__ledger_posting') }}
where financial_year <> 'NOT_KNOWN'
group by financial_year, journal_id, line_number
having count(*) > 1
union all
select
    'contribution_invoice' as entity,
    max(record_id) as record_id
from {{ ref('stg_finance__contribution_invoice') }}
group by invoice_id
having count(*) > 1
