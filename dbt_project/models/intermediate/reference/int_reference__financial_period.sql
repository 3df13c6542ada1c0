-- The periods of the ledger: twelve months and two adjustments of every financial year of the calendar.
with

years as (

    select series.year
    from
        generate_series(
            date_part('year', date '{{ var("yos:calendar_start") }}' - interval '3 months')::integer,
            date_part('year', date '{{ var("yos:calendar_end") }}' - interval '3 months')::integer
        ) as series (year)

),

periods as (

    select
        years.year,
        series.period,
        (make_date(years.year, 4, 1) + make_interval(months => least(series.period, 12) - 1))::date as month_start
    from years
    cross join generate_series(1, 14) as series (period)

),

final as (

    select
        year * 100 + period as financial_period_key,
        year || '/' || right((year + 1)::text, 2) as financial_year,
        year as financial_year_start,
        period,
        case
            when period <= 12 then to_char(month_start, 'FMMonth YYYY')
            else 'Adjustment ' || period || ' of ' || year || '/' || right((year + 1)::text, 2)
        end as period_name,
        (least(period, 12) + 2) / 3 as quarter,
        case when period <= 12 then month_start else (month_start + interval '1 month')::date - 1 end as first_day,
        (month_start + interval '1 month')::date - 1 as last_day,
        period > 12 as is_adjustment
    from periods

)

select * from final
