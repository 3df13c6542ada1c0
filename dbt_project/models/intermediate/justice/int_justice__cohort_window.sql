-- The cohorts of each rule: three months of index events, every quarter or every January to March, that began by
-- the as-at day and not more than yos:cohort_years ago.
with

cohort_rule as (

    select * from {{ ref('int_justice__cohort_rule') }}

),

starts as (

    select
        cohort_rule.*,
        series.day::date as window_start
    from cohort_rule
    cross join lateral generate_series(
        date '{{ var("yos:calendar_start") }}',
        {{ as_at_date() }},
        make_interval(months => cohort_rule.window_every_months)
    ) as series (day)

),

final as (

    select
        rule_code
        || '_' || date_part('year', window_start)
        || case when window_every_months = 3 then 'Q' || date_part('quarter', window_start) else '' end as cohort_code,
        rule_code,
        decision_code,
        window_start,
        (window_start + interval '3 months')::date - 1 as window_end,
        (window_start + interval '3 months')::date as tracking_start,
        (window_start + make_interval(months => 3 + follow_up_months + waiting_months))::date
        - 1 as calendar_proven_by,
        follow_up_months,
        waiting_months,
        custody_enters_at,
        counts_on_index_date,
        counts_breach_index,
        counts_tic,
        counts_bail_offences,
        recordable_only
    from starts
    where window_start > {{ as_at_date() }} - make_interval(years => {{ var('yos:cohort_years') }})

)

select * from final
