-- Lines of the ledger and of its plan with an account, a cost centre or a programme that no list knows: they are
-- UNMAPPED, and an unknown account counts as spending.
select ledger_posting_key as line_key
from {{ ref('int_finance__ledger_posting') }}
where account_key = 'UNMAPPED' or cost_centre_code = 'UNMAPPED' or programme_code = 'UNMAPPED'
union all
select planned_spending_key as line_key
from {{ ref('int_finance__planned_spending') }}
where account_key = 'UNMAPPED' or cost_centre_code = 'UNMAPPED' or programme_code = 'UNMAPPED'
