-- Every local figure of children as it is tonight: for the service, its areas, teams and districts. A figure is the
-- sum of its contributors: of cases, or of children counted once however many cases they have in the period.
{% set other_year = 'latest_released_mid_year' if var('yos:population_year') == 'PERIOD_YEAR'
    else 'period_year_mid_year' %}
with

figure_case as (

    select * from {{ ref('int_justice__figure_case') }}

),

indicator as (

    select * from {{ ref('int_reference__indicator') }}

),

period as (

    select * from {{ ref('int_reference__period') }}

),

district as (

    select * from {{ ref('int_reference__district') }}

),

population as (

    select * from {{ ref('int_reference__population') }}

),

population_of_year as (

    select * from {{ ref('int_reference__population_of_year') }}

),

-- no figure is told of a time from which nothing is known
known_from as (

    select min(case_date) as first_day
    from figure_case

),

places as (

    select
        null::text as geography_key,
        'SERVICE' as geography_level,
        '{{ var("yos:service") }}' as geography_code
    union all
    select
        geography_key,
        'AREA' as geography_level,
        area_code as geography_code
    from district
    union all
    select
        geography_key,
        'TEAM' as geography_level,
        team_code as geography_code
    from district
    union all
    select
        geography_key,
        'DISTRICT' as geography_level,
        geography_key as geography_code
    from district

),

place as (

    select distinct
        geography_level,
        geography_code
    from places

),

contributions as (

    select
        figure_case.indicator_id,
        figure_case.variant_code,
        period.period_code,
        places.geography_level,
        places.geography_code,
        max(figure_case.numerator) as numerator,
        max(figure_case.denominator) as denominator
    from figure_case
    inner join indicator
        on
            figure_case.indicator_id = indicator.indicator_id
            and figure_case.variant_code = indicator.variant_code
    inner join period
        on
            figure_case.case_date between period.first_day and period.last_day
            and period.period_kind = any(string_to_array(indicator.period_kinds, ' '))
    inner join places
        on places.geography_key is null or figure_case.geography_key = places.geography_key
    where figure_case.is_in
    group by
        figure_case.indicator_id, figure_case.variant_code, period.period_code,
        places.geography_level, places.geography_code,
        case
            when indicator.contributor_code = 'CHILD' then 'CHILD/' || figure_case.person_key
            else figure_case.case_key
        end

),

summed as (

    select
        indicator_id,
        variant_code,
        period_code,
        geography_level,
        geography_code,
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from contributions
    group by indicator_id, variant_code, period_code, geography_level, geography_code

),

-- a true zero is a figure too
wanted as (

    select
        indicator.*,
        period.period_code,
        period.first_day,
        period.last_day,
        place.geography_level,
        place.geography_code
    from indicator
    inner join period on period.period_kind = any(string_to_array(indicator.period_kinds, ' '))
    cross join place
    inner join known_from on period.last_day >= known_from.first_day
    where
        (
            period.period_kind <> 'ROLLING_YEAR'
            or period.first_day >= date_trunc('quarter', known_from.first_day)
        )
        and coalesce(period.first_day >= indicator.told_from, true)

),

completed as (

    select
        wanted.*,
        population.population_10_17,
        population.mid_year as population_mid_year,
        population.released_on as population_released_on,
        coalesce(summed.numerator, 0) as numerator,
        case
            when wanted.is_per_population then population.population_10_17::numeric
            when wanted.unit <> 'count' then coalesce(summed.denominator, 0)
        end as denominator,
        (wanted.last_day + make_interval(months => wanted.due_months))::date as due_date
    from wanted
    left join summed
        on
            wanted.indicator_id = summed.indicator_id
            and wanted.variant_code = summed.variant_code
            and wanted.period_code = summed.period_code
            and wanted.geography_level = summed.geography_level
            and wanted.geography_code = summed.geography_code
    left join population_of_year
        on
            wanted.is_per_population
            and date_part('year', wanted.last_day) = population_of_year.period_year
    left join population
        on
            case
                when wanted.variant_code = 'POPULATION_YEAR' then population_of_year.{{ other_year }}
                else population_of_year.mid_year
            end = population.mid_year
            and wanted.geography_level = population.geography_level
            and wanted.geography_code = population.geography_code

),

final as (

    select
        *,
        case
            when unit = 'count' then numerator
            when denominator > 0 then round(scale * numerator / denominator, 6)
        end as value,
        case when is_part then {{ wilson_limit('numerator', 'denominator', '-') }} end as interval_low,
        case when is_part then {{ wilson_limit('numerator', 'denominator', '+') }} end as interval_high,
        {{ as_at_date() }} >= due_date as is_due
    from completed

)

select * from final
