-- Orders that end before they start: they stay out of the education indicator.
select record_id
from {{ ref('int_justice__order') }}
where not is_in_order
