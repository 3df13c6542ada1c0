-- Young person in the participation extract: one row per young person,
-- as known at the as-at date, typed and cleaned.
with

source as (

    select *
    from {{ as_at_slice(source('raw', 'education__young_person')) }} as as_at

),

final as (

    select
        service_code,
        record_id,
        {{ read_text('young_person_id') }} as young_person_id,
        {{ read_text('given_name') }} as given_name,
        {{ read_text('family_name') }} as family_name,
        {{ read_date('date_of_birth') }} as date_of_birth,
        {{ read_code('sex') }} as sex,
        {{ read_code('ethnicity') }} as ethnicity,
        {{ read_upn('upn') }} as upn,
        {{ read_text('uln') }} as uln,
        {{ read_code('lead_authority') }} as lead_authority,
        {{ read_text('postcode') }} as postcode,
        {{ read_code('cohort_status') }} as cohort_status,
        {{ read_code('level_of_need') }} as level_of_need,
        {{ read_boolean('is_supervised_by_yot') }} as is_supervised_by_yot
    from source

)

select * from final
