-- Children aged 10 to 17: of each mid-year the newest estimate published by the as-at day, for the
-- service, its areas, teams and districts. The level SERVICE has the service's code.
with

ref_population as (

    select * from {{ ref('ref_population') }}

),

district as (

    select * from {{ ref('int_reference__district') }}

),

released as (

    select
        ref_population.mid_year,
        ref_population.released_on,
        ref_population.population_10_17,
        district.geography_key,
        district.area_code,
        district.team_code,
        district.service_code,
        row_number() over (
            partition by ref_population.district_code, ref_population.mid_year
            order by ref_population.released_on desc
        ) as vintage_number
    from ref_population
    inner join district
        on
            ref_population.service_code = district.service_code
            and ref_population.district_code = district.geography_key
    where ref_population.released_on <= {{ as_at_date() }}

),

levels as (

    select
        released.mid_year,
        released.released_on,
        released.population_10_17,
        released.service_code,
        level.geography_level,
        case level.geography_level
            when 'SERVICE' then released.service_code
            when 'AREA' then released.area_code
            when 'TEAM' then released.team_code
            else released.geography_key
        end as geography_code
    from released
    cross join (values ('SERVICE'), ('AREA'), ('TEAM'), ('DISTRICT')) as level (geography_level)
    where released.vintage_number = 1

),

final as (

    select
        geography_level,
        geography_code,
        mid_year,
        max(released_on) as released_on,
        sum(population_10_17)::integer as population_10_17,
        service_code
    from levels
    group by geography_level, geography_code, mid_year, service_code

)

select * from final
