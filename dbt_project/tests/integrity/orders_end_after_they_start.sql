-- Orders that end before they start: they stay out of the education indicator.
{{ config(meta={'owner': 'case_system', 'feed': 'case_system', 'family': 'integrity'}) }}
select record_id
from {{ ref('int_justice__order') }}
where not is_in_order
