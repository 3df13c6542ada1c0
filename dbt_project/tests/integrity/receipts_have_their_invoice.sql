-- Payments of partners whose invoice was not delivered: nobody's, and counted in the year in which they came in.
select source_key
from {{ ref('int_finance__contribution') }}
where step_code = 'RECEIVED' and invoice_key = -1
