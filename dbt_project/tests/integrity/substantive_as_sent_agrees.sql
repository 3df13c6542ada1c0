-- The case system's own flag of a substantive outcome contradicts the code list. The code list is used.
select outcome_record_id
from {{ ref('int_justice__outcome') }}
where is_substantive_as_sent is not null and is_substantive_as_sent <> is_substantive
