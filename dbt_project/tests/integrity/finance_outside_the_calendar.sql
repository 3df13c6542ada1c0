-- Lines of the ledger and movements of reserves whose day or period is not of the calendar (dim_date,
-- dim_financial_period): they are in the facts, without it.
select ledger_posting_key as line_key
from {{ ref('int_finance__ledger_posting') }}
where financial_period_key = -1 or {{ calendar_day('posting_date') }} is null
union all
select reserve_movement_key as line_key
from {{ ref('int_finance__reserve_movement') }}
where financial_period_key = -1 or {{ calendar_day('movement_date') }} is null
