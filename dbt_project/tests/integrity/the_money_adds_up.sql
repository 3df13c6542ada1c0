-- Sums that differ from what the sender states of them, by a penny or by a line. Each is a row of rpt_reconciliation
-- with its difference and the delivery that states it.
select
    check_code,
    financial_year,
    period,
    budget_version,
    subject_code
from {{ ref('rpt_reconciliation') }}
where outcome_code = 'DIFFERS'
