-- Nights on remand by calendar quarter: the night of a day belongs to the quarter of that day.
with

remand_episode as (

    select * from {{ ref('int_justice__remand_episode') }}

),

-- the last night is the one before the day of the end
nights as (

    select
        *,
        start_date + nights as first_day_after
    from remand_episode
    where nights > 0

),

quarters as (

    select
        nights.*,
        series.day::date as quarter_start,
        (series.day + interval '3 months')::date as next_quarter_start
    from nights
    cross join lateral generate_series(
        date_trunc('quarter', nights.start_date), nights.first_day_after - 1, interval '3 months'
    ) as series (day)

),

final as (

    select
        episode_key,
        quarter_start,
        person_key,
        geography_key,
        remand_class_code,
        least(first_day_after, next_quarter_start) - greatest(start_date, quarter_start) as nights,
        age_at_start,
        residence_code,
        is_counted,
        service_code
    from quarters

)

select * from final
