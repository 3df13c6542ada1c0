-- Offence codes that no list knows: the offence is kept under -1, without group and breach flag.
select
    'case_system' as feed,
    cjs_code
from {{ ref('stg_case_system__offence') }}
where cjs_code not in (select code from {{ ref('code_offence') }})
union all
select
    'police' as feed,
    cjs_code
from {{ ref('stg_police__charge') }}
where cjs_code not in (select code from {{ ref('code_offence') }})
union all
select
    'police' as feed,
    cjs_code
from {{ ref('stg_police__court_offence') }}
where cjs_code not in (select code from {{ ref('code_offence') }})
