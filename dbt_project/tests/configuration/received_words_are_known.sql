-- Received figures whose basis, area or unit no list knows.
select published_value_key
from {{ ref('int_published__value') }}
where 'NOT_KNOWN' in (source_basis, area_kind_code, unit)
