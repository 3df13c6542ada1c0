-- Additional budget lines and grants whose programme no list knows.
select budget_line_key as line_key
from {{ ref('int_finance__budget_line') }}
where programme_code = 'UNMAPPED'
union all
select grant_key as line_key
from {{ ref('int_finance__grant') }}
where programme_code = 'UNMAPPED'
