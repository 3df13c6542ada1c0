-- Movements of a reserve that no list knows.
select reserve_movement_key
from {{ ref('int_finance__reserve_movement') }}
where reserve_code = 'UNMAPPED'
