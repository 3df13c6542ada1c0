-- Outcomes that code_legal_outcome does not know: kept as UNMAPPED, in no measure.
select outcome_key
from {{ ref('int_justice__outcome') }}
where outcome_type_key = '-1'
