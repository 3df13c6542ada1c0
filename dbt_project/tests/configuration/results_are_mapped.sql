-- Results of courts, of any kind, that no line of map_result_outcome gives a role: whatever is not mapped is told.
-- depends_on: {{ ref('int_justice__outcome_police') }}
select court_result.result_code
from {{ ref('stg_police__court_result') }} as court_result
left join {{ ref('map_result_outcome') }} as map_result_outcome
    on court_result.result_code = map_result_outcome.result_code
where map_result_outcome.result_code is null
