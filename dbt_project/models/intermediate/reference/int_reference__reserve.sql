-- Reserves of the service, by the code that the ledger writes.
select
    reserve_code,
    reserve_name
from {{ ref('ref_reserve') }}
where service_code = '{{ var("yos:service") }}'
