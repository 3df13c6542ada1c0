-- Outcomes of the case system that code_legal_outcome does not know: kept as UNMAPPED, in no measure.
select legal_outcome
from {{ ref('stg_case_system__offence_outcome') }}
where legal_outcome not in (select code from {{ ref('code_legal_outcome') }})
