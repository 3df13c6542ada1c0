-- Ledger codes that code_subjective does not know: their lines count as spending.
select subjective
from {{ ref('stg_finance__ledger_posting') }}
where subjective not in (select code from {{ ref('code_subjective') }})
