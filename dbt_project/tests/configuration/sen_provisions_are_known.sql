-- Children of whom a return of the school census gives a SEN provision that code_sen_provision does not know on that
-- day: the return says nothing about their needs.
select census_pupil.record_id
from {{ ref('stg_education__census_pupil') }} as census_pupil
inner join {{ ref('int_education__linked_record') }} as linked_record
    on
        census_pupil.record_id = linked_record.record_id
        and linked_record.entity = 'census_pupil'
left join {{ ref('code_sen_provision') }} as code_sen_provision
    on
        census_pupil.sen_provision = code_sen_provision.code
        and {{ is_valid_on('code_sen_provision', 'census_pupil.returned_on') }}
where census_pupil.sen_provision is not null and code_sen_provision.code is null
