-- Postings of periods 1 to 12 dated outside their financial year.
select ledger_posting_key
from {{ ref('int_finance__ledger_posting') }}
where period between 1 and 12 and financial_year <> {{ financial_year('posting_date') }}
