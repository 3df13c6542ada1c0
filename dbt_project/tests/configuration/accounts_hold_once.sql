-- Accounts of which two rows hold on one day: each posting to them would count twice.
select later.subjective_code
from {{ ref('ref_account') }} as later
inner join {{ ref('ref_account') }} as earlier
    on
        later.service_code = earlier.service_code
        and later.subjective_code = earlier.subjective_code
        and later.valid_from > earlier.valid_from
where later.valid_from <= coalesce(earlier.valid_to, date 'infinity')
