-- Remand decisions that code_remand does not know: they count as no remand.
select record_id
from {{ ref('stg_case_system__hearing') }}
where
    remand_decision is not null
    and remand_decision not in (select code from {{ ref('code_remand') }})
