-- Kinds of order that code_order_type does not know: they stay out of the education indicator.
select order_key
from {{ ref('int_justice__order') }}
where order_type_code = 'UNMAPPED'
