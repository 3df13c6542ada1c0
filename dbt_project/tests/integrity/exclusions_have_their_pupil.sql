-- Suspensions and exclusions whose pupil is not in the same return: they are in no fact.
select census_exclusion.record_id
from {{ ref('stg_education__census_exclusion') }} as census_exclusion
left join {{ ref('stg_education__census_pupil') }} as census_pupil
    on
        census_exclusion.return_term = census_pupil.return_term
        and census_exclusion.pupil_id = census_pupil.pupil_id
        and census_exclusion.school_id = census_pupil.school_id
left join {{ ref('stg_education__census_leaver') }} as census_leaver
    on
        census_exclusion.return_term = census_leaver.return_term
        and census_exclusion.pupil_id = census_leaver.pupil_id
        and census_exclusion.school_id = census_leaver.school_id
where census_pupil.record_id is null and census_leaver.record_id is null
