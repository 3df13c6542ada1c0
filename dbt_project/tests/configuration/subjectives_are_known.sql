-- Ledger codes that code_subjective does not know: their lines count as spending.
select ledger_posting_key
from {{ ref('int_finance__ledger_posting') }}
where subjective_name = 'Not in the code list'
