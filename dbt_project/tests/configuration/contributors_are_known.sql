-- Contributors without a kind of body, and invoices, grants and secondments of somebody who is on no budget and in no
-- list.
select contributor_key
from {{ ref('int_finance__contributor') }}
where contributor_kind_code = 'NOT_KNOWN'
union all
select contributor_key
from {{ ref('int_finance__contribution') }}
where contributor_key = '-1' and step_code = 'INVOICED'
union all
select contributor_key
from {{ ref('int_finance__grant') }}
where contributor_key = '-1'
union all
select contributor_key
from {{ ref('int_finance__secondment') }}
where contributor_key = '-1'
