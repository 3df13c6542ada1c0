-- One row per source record that names a person: what identity compares to say who is who.
-- Children withdrawn at the source are among them: what the police send of such a child must be known as
-- that child's, or it would come back as a new one. The next layer leaves them out.
with

case_system_person as (

    select * from {{ ref('stg_case_system__person') }}

),

police_arrest as (

    select * from {{ ref('stg_police__arrest') }}

),

police_pnc_check as (

    select * from {{ ref('stg_police__pnc_check') }}

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

first_recorded as (

    select
        'case_system' as feed,
        'person' as entity,
        record_id,
        recorded_from
    from {{ as_at_slice(source('raw', 'case_system__person')) }} as as_at
    union all
    select
        'police' as feed,
        'arrest' as entity,
        record_id,
        recorded_from
    from {{ as_at_slice(source('raw', 'police__arrest')) }} as as_at
    union all
    select
        'police' as feed,
        'court_message' as entity,
        record_id,
        recorded_from
    from {{ as_at_slice(source('raw', 'police__court_message')) }} as as_at
    union all
    select
        'police' as feed,
        'pnc_check' as entity,
        record_id,
        recorded_from
    from {{ as_at_slice(source('raw', 'police__pnc_check')) }} as as_at
    union all
    select
        'education' as feed,
        'young_person' as entity,
        record_id,
        recorded_from
    from {{ as_at_slice(source('raw', 'education__young_person')) }} as as_at
    union all
    select
        'education' as feed,
        'census_pupil' as entity,
        record_id,
        recorded_from
    from {{ as_at_slice(source('raw', 'education__census_pupil')) }} as as_at

),

every_record as (

    select
        service_code,
        'case_system' as feed,
        'person' as entity,
        record_id as source_id,
        pnc_id,
        upn,
        given_name,
        family_name,
        date_of_birth
    from case_system_person
    union all
    select
        service_code,
        'police' as feed,
        'arrest' as entity,
        record_id as source_id,
        pnc_id,
        null as upn,
        given_name,
        family_name,
        date_of_birth
    from police_arrest
    union all
    select
        service_code,
        'police' as feed,
        'court_message' as entity,
        record_id as source_id,
        pnc_id,
        null as upn,
        given_name,
        family_name,
        date_of_birth
    from police_court_message
    union all
    select
        service_code,
        'police' as feed,
        'pnc_check' as entity,
        record_id as source_id,
        pnc_id,
        null as upn,
        given_name,
        family_name,
        date_of_birth
    from police_pnc_check
    union all
    select
        service_code,
        'education' as feed,
        'young_person' as entity,
        record_id as source_id,
        null as pnc_id,
        upn,
        given_name,
        family_name,
        date_of_birth
    from education_young_person
    union all
    select
        service_code,
        'education' as feed,
        'census_pupil' as entity,
        record_id as source_id,
        null as pnc_id,
        upn,
        given_name,
        family_name,
        date_of_birth
    from education_census_pupil

),

final as (

    select
        every_record.service_code,
        every_record.feed,
        every_record.entity,
        every_record.source_id,
        every_record.pnc_id,
        every_record.upn,
        {{ read_name('every_record.given_name') }} as given_name,
        {{ read_name('every_record.family_name') }} as family_name,
        every_record.date_of_birth,
        first_recorded.recorded_from
    from every_record
    inner join first_recorded
        on
            every_record.feed = first_recorded.feed
            and every_record.entity = first_recorded.entity
            and every_record.source_id = first_recorded.record_id

)

select * from final
