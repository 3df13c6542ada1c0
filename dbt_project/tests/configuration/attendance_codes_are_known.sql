-- School days of children with a mark that code_attendance does not know on that day: the session counts for nothing.
select
    person_key,
    mark_date
from {{ ref('int_education__attendance_day') }}
where sessions_unmapped > 0
