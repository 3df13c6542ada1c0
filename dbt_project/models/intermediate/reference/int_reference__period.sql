-- The periods of figures: calendar quarters, rolling years to the end of a quarter, financial years to the end of a
-- quarter, and January to March of the local cohorts. Only periods that began by the as-at day.
with

quarters as (

    select
        series.day::date as first_day,
        (series.day + interval '3 months')::date - 1 as last_day,
        date_part('year', series.day)::integer as calendar_year,
        date_part('quarter', series.day)::integer as calendar_quarter,
        make_date(date_part('year', series.day - interval '3 months')::integer, 4, 1) as year_start
    from generate_series(
            date_trunc('quarter', {{ as_at_date() }} - make_interval(years => {{ var('yos:cohort_years') }})),
            {{ as_at_date() }},
            interval '3 months'
        ) as series (day)

),

periods as (

    select
        calendar_year || 'Q' || calendar_quarter as period_code,
        'QUARTER' as period_kind,
        first_day,
        last_day,
        to_char(first_day, 'FMMon') || '-' || to_char(last_day, 'FMMon YYYY') as period_name
    from quarters
    union all
    select
        '12M_' || calendar_year || 'Q' || calendar_quarter as period_code,
        'ROLLING_YEAR' as period_kind,
        (first_day - interval '9 months')::date as first_day,
        last_day,
        to_char(first_day - interval '9 months', 'FMMon YYYY') || '-' || to_char(last_day, 'FMMon YYYY') as period_name
    from quarters
    union all
    select
        'FY' || date_part('year', year_start) || 'Q' || date_part('quarter', first_day - interval '3 months')
            as period_code,
        'YEAR_TO_DATE' as period_kind,
        year_start as first_day,
        last_day,
        to_char(year_start, 'FMMon YYYY') || '-' || to_char(last_day, 'FMMon YYYY') as period_name
    from quarters
    union all
    select
        'COHORT_' || calendar_year as period_code,
        'COHORT_YEAR' as period_kind,
        first_day,
        last_day,
        to_char(first_day, 'FMMon') || '-' || to_char(last_day, 'FMMon YYYY') as period_name
    from quarters
    where calendar_quarter = 1

),

final as (

    select
        *,
        '{{ var("yos:service") }}' as service_code
    from periods

)

select * from final
