-- Each child known to the service or the police, with the best word on sex, ethnicity and birth.
-- Self-defined ethnicity of the case system first, then school, participation data, police and court;
-- what an officer saw is never taken for it. Pupils unknown to the service and children withdrawn by it are left out.
with

person_link as (

    select * from {{ ref('int_identity__person_link') }}

),

case_system_person as (

    select * from {{ ref('stg_case_system__person') }}

),

police_arrest as (

    select * from {{ ref('stg_police__arrest') }}

),

police_court_message as (

    select * from {{ ref('stg_police__court_message') }}

),

education_young_person as (

    select * from {{ ref('stg_education__young_person') }}

),

education_census_pupil as (

    select * from {{ ref('stg_education__census_pupil') }}

),

education_census_leaver as (

    select * from {{ ref('stg_education__census_leaver') }}

),

education_transfer_pupil as (

    select * from {{ ref('stg_education__transfer_pupil') }}

),

education_ehc_plan as (

    select * from {{ ref('stg_education__ehc_plan') }}

),

withdrawn_person as (

    select * from {{ ref('int_justice__withdrawn_person') }}

),

code_sex as (

    select * from {{ ref('code_sex') }}

),

code_ethnicity as (

    select * from {{ ref('code_ethnicity') }}

),

map_ethnicity as (

    select * from {{ ref('map_ethnicity') }}

),

witnesses as (

    select
        1 as precedence,
        'case_system' as feed,
        'person' as entity,
        record_id,
        null::date as told_on,
        sex,
        ethnicity,
        'POLICE' as scheme,
        date_of_birth
    from case_system_person
    where is_deleted is not true
    union all
    select
        2 as precedence,
        'education' as feed,
        'census_pupil' as entity,
        record_id,
        returned_on as told_on,
        sex,
        ethnicity,
        'SCHOOL' as scheme,
        date_of_birth
    from education_census_pupil
    union all
    select
        2 as precedence,
        'education' as feed,
        'census_leaver' as entity,
        record_id,
        returned_on as told_on,
        sex,
        ethnicity,
        'SCHOOL' as scheme,
        date_of_birth
    from education_census_leaver
    union all
    select
        2 as precedence,
        'education' as feed,
        'transfer_pupil' as entity,
        record_id,
        sent_on as told_on,
        sex,
        ethnicity,
        'SCHOOL' as scheme,
        date_of_birth
    from education_transfer_pupil
    union all
    select
        3 as precedence,
        'education' as feed,
        'young_person' as entity,
        record_id,
        null::date as told_on,
        sex,
        ethnicity,
        'NCCIS' as scheme,
        date_of_birth
    from education_young_person
    union all
    select
        3 as precedence,
        'education' as feed,
        'ehc_plan' as entity,
        record_id,
        null::date as told_on,
        null as sex,
        null as ethnicity,
        'NCCIS' as scheme,
        date_of_birth
    from education_ehc_plan
    union all
    select
        4 as precedence,
        'police' as feed,
        'arrest' as entity,
        record_id,
        null::date as told_on,
        sex,
        ethnicity,
        'POLICE' as scheme,
        date_of_birth
    from police_arrest
    union all
    select
        5 as precedence,
        'police' as feed,
        'court_message' as entity,
        record_id,
        null::date as told_on,
        sex,
        null as ethnicity,
        'POLICE' as scheme,
        date_of_birth
    from police_court_message

),

conformed as (

    select
        person_link.service_code,
        person_link.person_key,
        witnesses.precedence,
        witnesses.record_id,
        witnesses.told_on,
        witnesses.date_of_birth,
        nullif(code_sex.sex, 'NOT_KNOWN') as sex_code,
        coalesce(map_ethnicity.ethnicity_code, witnesses.ethnicity) as ethnicity_code
    from witnesses
    inner join person_link
        on
            witnesses.feed = person_link.feed
            and witnesses.entity = person_link.entity
            and witnesses.record_id = person_link.source_id
    left join withdrawn_person on person_link.person_key = withdrawn_person.person_key
    left join code_sex on witnesses.sex = code_sex.code
    left join map_ethnicity
        on
            witnesses.scheme = map_ethnicity.scheme
            and witnesses.ethnicity = map_ethnicity.source_code
    where withdrawn_person.person_key is null

),

with_group as (

    select
        conformed.service_code,
        conformed.person_key,
        conformed.precedence,
        conformed.date_of_birth,
        conformed.sex_code,
        nullif(code_ethnicity.ethnicity_group, 'NOT_KNOWN') as ethnicity_group_code,
        row_number() over (
            order by conformed.precedence asc, conformed.told_on desc nulls last, conformed.record_id asc
        ) as place
    from conformed
    left join code_ethnicity on conformed.ethnicity_code = code_ethnicity.code

),

-- each attribute from the first witness that knows it; of school records from the newest
final as (

    select
        service_code,
        person_key,
        (array_remove(array_agg(date_of_birth order by place), null))[1] as date_of_birth,
        coalesce(
            (array_remove(array_agg(sex_code order by place), null))[1], 'NOT_KNOWN'
        ) as sex_code,
        coalesce(
            (array_remove(array_agg(ethnicity_group_code order by place), null))[1], 'NOT_KNOWN'
        ) as ethnicity_group_code,
        bool_or(precedence = 1) as is_in_case_system
    from with_group
    group by service_code, person_key
    having bool_or(precedence in (1, 4, 5))

)

select * from final
