-- The windows of the local reoffending measure: January to March before each financial year of tracking.
-- The checkpoint is the same point of its own year for every cohort, so that like is set against like.
with

years as (

    select
        number as years_ago,
        date_part('year', {{ as_at_date() }} - interval '3 months')::integer - number as cohort_year
    from generate_series(0, {{ var('yos:cohort_years') }} - 1) as series (number)

),

final as (

    select
        'LOCAL_' || cohort_year as cohort_code,
        make_date(cohort_year, 1, 1) as window_start,
        make_date(cohort_year, 3, 31) as window_end,
        make_date(cohort_year, 4, 1) as tracking_start,
        make_date(cohort_year + 1, 3, 31) as tracking_end,
        ({{ as_at_date() }} - make_interval(years => years_ago))::date as checkpoint_date,
        {{ as_at_date() }} as as_at_date
    from years

)

select * from final
