-- The districts of the service with area and team, and the two members for what is not known or not applicable.
with

district as (

    select * from {{ ref('int_reference__district') }}

),

members as (

    select
        geography_key,
        district_name,
        area_code,
        area_name,
        team_code,
        team_name,
        region_name
    from district
    union all
    select
        '-1' as geography_key,
        'Not known' as district_name,
        '-1' as area_code,
        'Not known' as area_name,
        '-1' as team_code,
        'Not known' as team_name,
        'Not known' as region_name
    union all
    select
        '-2' as geography_key,
        'Not applicable' as district_name,
        '-2' as area_code,
        'Not applicable' as area_name,
        '-2' as team_code,
        'Not applicable' as team_name,
        'Not applicable' as region_name

),

final as (

    select
        geography_key,
        district_name,
        area_code,
        area_name,
        team_code,
        team_name,
        region_name,
        '{{ var("yos:service") }}' as service_code
    from members

)

select * from final
