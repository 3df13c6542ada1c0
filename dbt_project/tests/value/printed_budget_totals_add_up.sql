-- Budget lines whose printed total is not payments in kind plus other funds.
select budget_line_key
from {{ ref('int_finance__budget_line') }}
where printed_total_gbp is distinct from total_gbp
