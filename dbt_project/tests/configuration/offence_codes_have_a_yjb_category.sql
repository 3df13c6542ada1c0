-- Offences of a listed code without a category of the Youth Justice Board: no seriousness, in no serious violence.
select offence.offence_key
from {{ ref('int_justice__offence') }} as offence
inner join {{ ref('int_reference__offence_type') }} as offence_type
    on offence.offence_type_key = offence_type.offence_type_key
where offence_type.yjb_category_code is null
