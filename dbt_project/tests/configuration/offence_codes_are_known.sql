-- Offences whose code no list knows: kept under -1, without group and breach flag.
select offence_key
from {{ ref('int_justice__offence') }}
where cjs_code is not null and offence_type_key = '-1'
