-- Lines of the ledger whose standing or source no list knows: they are NOT_KNOWN, and such a standing is in no figure.
select ledger_posting_key
from {{ ref('int_finance__ledger_posting') }}
where status_code = 'NOT_KNOWN' or source_code = 'NOT_KNOWN'
