-- Address spells without the address: which district a child lived in, and when. No fixed abode is no district:
-- is_local is then not known.
with

residence as (

    select * from {{ ref('stg_case_system__residence') }}

),

person as (

    select * from {{ ref('int_justice__case_system_person') }}

),

district as (

    select * from {{ ref('int_reference__district') }}

),

final as (

    select
        person.person_key,
        residence.record_id,
        residence.start_date,
        residence.end_date,
        residence.district_code,
        coalesce(district.geography_key, '-1') as geography_key,
        case when residence.district_code is not null then district.geography_key is not null end as is_local
    from residence
    inner join person on residence.person_id = person.person_id
    left join district on residence.district_code = district.geography_key
    where residence.start_date is not null

)

select * from final
