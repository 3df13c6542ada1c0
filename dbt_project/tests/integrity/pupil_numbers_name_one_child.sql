-- Unique pupil numbers that two children carry: what names a pupil by such a number alone is nobody's.
select upn
from {{ ref('int_education__upn_of_child') }}
group by upn
having count(*) > 1
