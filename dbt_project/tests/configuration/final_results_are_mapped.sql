-- Final sentences (codes 1000 to 1999) without a line in map_result_outcome: they give no outcome.
-- depends_on: {{ ref('int_justice__outcome_police') }}
select court_result.result_code
from {{ ref('stg_police__court_result') }} as court_result
inner join {{ ref('code_result') }} as code_result on court_result.result_code = code_result.code
left join {{ ref('map_result_outcome') }} as map_result_outcome
    on court_result.result_code = map_result_outcome.result_code
where
    code_result.result_type = 'F'
    and court_result.result_code < '2000'
    and map_result_outcome.result_code is null
