-- The cohorts of each rule: their windows, and how far their follow-up has come.
with

cohort_window as (

    select * from {{ ref('int_justice__cohort_window') }}

),

cohort_member as (

    select * from {{ ref('int_justice__cohort_member') }}

),

followed as (

    select
        cohort_code,
        max(follow_up_end) as follow_up_end,
        max(proven_by) as proven_by
    from cohort_member
    where is_in_cohort
    group by cohort_code

),

dated as (

    select
        cohort_window.*,
        -- an empty cohort is over when any child's would be
        coalesce(
            followed.follow_up_end,
            (cohort_window.window_end + make_interval(months => cohort_window.follow_up_months))::date
        ) as follow_up_end,
        coalesce(
            followed.proven_by,
            (
                cohort_window.window_end
                + make_interval(months => cohort_window.follow_up_months + cohort_window.waiting_months)
            )::date
        ) as proven_by
    from cohort_window
    left join followed on cohort_window.cohort_code = followed.cohort_code
    where cohort_window.decision_code is null

),

final as (

    select
        cohort_code,
        rule_code,
        to_char(window_start, 'FMMon') || '-' || to_char(window_end, 'FMMon YYYY') as cohort_name,
        window_start,
        window_end,
        tracking_start,
        follow_up_end,
        proven_by,
        {{ as_at_date() }} > window_end and {{ as_at_date() }} >= follow_up_end as is_follow_up_complete,
        {{ as_at_date() }} > window_end and {{ as_at_date() }} >= proven_by as is_final,
        'LOCAL_CMS' as source_basis,
        '{{ var("yos:service") }}' as service_code
    from dated

)

select * from final
