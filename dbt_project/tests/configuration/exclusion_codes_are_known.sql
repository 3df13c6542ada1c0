-- Suspensions and exclusions with a category, reason or SEN provision that no list knows on the first day.
select
    person_key,
    start_date,
    exclusion_number
from {{ ref('int_education__exclusion') }}
where 'UNMAPPED' in (category_code, reason_1_code, reason_2_code, reason_3_code, sen_provision_code)
