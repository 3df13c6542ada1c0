-- Outcomes of the case system whose offence is not there: they are in no fact.
-- depends_on: {{ ref('int_justice__outcome_recorded') }}
select outcome.outcome_id
from {{ ref('stg_case_system__offence_outcome') }} as outcome
left join {{ ref('stg_case_system__offence') }} as offence on outcome.offence_id = offence.offence_id
where offence.offence_id is null
