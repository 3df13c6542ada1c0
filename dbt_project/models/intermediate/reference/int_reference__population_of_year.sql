-- Which mid-year estimate serves a rate whose period ends in a calendar year (domain.md 1.3, decision 4).
-- LATEST_RELEASED: the newest of the year before or earlier. PERIOD_YEAR: that of the year itself once
-- it is published. A year before the estimates begin takes the first one, and is flagged.
with

calendar as (

    select distinct date_part('year', date_key)::integer as period_year
    from {{ ref('int_reference__calendar') }}

),

population as (

    select * from {{ ref('int_reference__population') }}
    where geography_level = 'SERVICE'

),

served as (

    select
        calendar.period_year,
        coalesce(
            max(population.mid_year) filter (where population.mid_year < calendar.period_year),
            min(population.mid_year)
        ) as latest_released_mid_year,
        max(population.mid_year) filter (where population.mid_year = calendar.period_year) as own_mid_year
    from calendar
    cross join population
    group by calendar.period_year

),

chosen as (

    select
        period_year,
        latest_released_mid_year,
        coalesce(own_mid_year, latest_released_mid_year) as period_year_mid_year,
        {% if var('yos:population_year') == 'PERIOD_YEAR' -%}
            coalesce(own_mid_year, latest_released_mid_year)
        {%- else -%}
            latest_released_mid_year
        {%- endif %} as mid_year
    from served

),

final as (

    select
        period_year,
        mid_year,
        latest_released_mid_year,
        period_year_mid_year,
        mid_year > period_year - {{ 0 if var('yos:population_year') == 'PERIOD_YEAR' else 1 }} as is_extrapolated
    from chosen

)

select * from final
