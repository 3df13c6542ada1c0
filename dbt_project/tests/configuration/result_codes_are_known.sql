-- Results of courts and disposals of the police that no list knows.
-- depends_on: {{ ref('int_justice__outcome_police') }}
select result_code
from {{ ref('stg_police__court_result') }}
where result_code not in (select code from {{ ref('code_result') }})
union all
select disposal_code as result_code
from {{ ref('stg_police__disposal') }}
where disposal_code not in (select code from {{ ref('code_result') }})
