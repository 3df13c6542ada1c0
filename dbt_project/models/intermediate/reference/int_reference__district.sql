-- The districts of the service, each with its area and team.
with

ref_district as (

    select * from {{ ref('ref_district') }}

),

final as (

    select
        district_code as geography_key,
        district_name,
        area_code,
        area_name,
        team_code,
        team_name,
        region_name,
        service_code
    from ref_district
    where service_code = '{{ var("yos:service") }}'

)

select * from final
