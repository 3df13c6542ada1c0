-- Cost centres of the service, by the code that the ledger writes.
select
    cost_centre_code,
    cost_centre_name
from {{ ref('ref_cost_centre') }}
where service_code = '{{ var("yos:service") }}'
