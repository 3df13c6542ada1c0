-- Activities and registrations to which map_provision gives no kind of provision on their day: such an activity is no
-- spell, such a registration is taken for a mainstream school.
select activity.record_id
from {{ ref('stg_education__young_person_activity') }} as activity
left join {{ ref('code_nccis_activity') }} as code_nccis_activity on activity.activity_code = code_nccis_activity.code
left join {{ ref('map_provision') }} as map_provision
    on
        map_provision.scheme = 'NCCIS'
        and activity.activity_code = map_provision.source_code
        and activity.activity_start_date >= coalesce(map_provision.valid_from, date '-infinity')
        and activity.activity_start_date <= coalesce(map_provision.valid_to, date 'infinity')
where
    activity.activity_start_date is not null
    and map_provision.source_code is null
    and code_nccis_activity.activity_group is distinct from 'NOT_KNOWN'
union all
select pupil.record_id
from {{ ref('stg_education__census_pupil') }} as pupil
left join {{ ref('map_provision') }} as map_provision
    on
        map_provision.scheme = 'ENROLMENT'
        and pupil.enrolment_status = map_provision.source_code
        and pupil.returned_on >= coalesce(map_provision.valid_from, date '-infinity')
        and pupil.returned_on <= coalesce(map_provision.valid_to, date 'infinity')
where pupil.enrolment_status <> 'P' and map_provision.source_code is null
