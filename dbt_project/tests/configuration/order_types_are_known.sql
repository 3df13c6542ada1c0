-- Kinds of order that code_order_type does not know: they stay out of the education indicator.
select disposal_type
from {{ ref('stg_case_system__intervention_programme') }}
where disposal_type not in (select code from {{ ref('code_order_type') }})
