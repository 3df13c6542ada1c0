-- One row per child and cohort: in or out and why, and the reoffences of those who are in.
with

cohort_entry as (

    select * from {{ ref('int_justice__cohort_entry') }}

),

cohort_window as (

    select * from {{ ref('int_justice__cohort_window') }}

),

cohort_offence as (

    select * from {{ ref('int_justice__cohort_offence') }}

),

-- the as-at day, moved to the cohort's own year of tracking, so that like is set against like
checkpoint as (

    select
        cohort_code,
        ({{ as_at_date() }} - make_interval(years => (
            date_part('year', {{ as_at_date() }} - interval '3 months')
            - date_part('year', tracking_start - interval '3 months')
        )::integer))::date as checkpoint_date
    from cohort_window

),

counted as (

    select
        cohort_offence.cohort_code,
        cohort_offence.person_key,
        count(*)::integer as reoffences,
        count(*) filter (
            where
            cohort_offence.offence_date <= checkpoint.checkpoint_date
            and cohort_offence.proven_date <= checkpoint.checkpoint_date
        )::integer as reoffences_to_checkpoint,
        min(cohort_offence.offence_date) as first_reoffence_date,
        -- the latest proven: the fact that moved the count last
        (array_agg(
            cohort_offence.outcome_key
            order by
                cohort_offence.proven_date desc, cohort_offence.offence_date desc,
                cohort_offence.outcome_record_id asc
        ))[1] as last_outcome_key,
        max(cohort_offence.proven_date) as last_proven_date
    from cohort_offence
    inner join checkpoint on cohort_offence.cohort_code = checkpoint.cohort_code
    where cohort_offence.is_reoffence
    group by cohort_offence.cohort_code, cohort_offence.person_key

),

followed as (

    select
        cohort_entry.*,
        cohort_window.decision_code,
        cohort_window.window_start,
        cohort_window.window_end,
        cohort_window.tracking_start,
        (
            cohort_entry.index_date + make_interval(months => cohort_window.follow_up_months)
        )::date as follow_up_end,
        (
            cohort_entry.index_date
            + make_interval(months => cohort_window.follow_up_months + cohort_window.waiting_months)
        )::date as proven_by,
        checkpoint.checkpoint_date,
        case when cohort_entry.is_in_cohort then coalesce(counted.reoffences, 0) end as reoffences,
        case
            when cohort_entry.is_in_cohort then coalesce(counted.reoffences_to_checkpoint, 0)
        end as reoffences_to_checkpoint,
        coalesce(counted.last_outcome_key, cohort_entry.event_key) as last_fact_key,
        coalesce(counted.last_proven_date, cohort_entry.index_date) as last_fact_date,
        counted.first_reoffence_date
    from cohort_entry
    inner join cohort_window on cohort_entry.cohort_code = cohort_window.cohort_code
    inner join checkpoint on cohort_entry.cohort_code = checkpoint.cohort_code
    left join counted
        on
            cohort_entry.cohort_code = counted.cohort_code
            and cohort_entry.person_key = counted.person_key

),

final as (

    select
        *,
        reoffences > 0 as is_reoffender,
        first_reoffence_date - index_date as days_to_first_reoffence,
        {{ as_at_date() }} >= follow_up_end as is_follow_up_complete,
        {{ as_at_date() }} >= proven_by as is_final,
        -- of age before the follow-up is over: what adult courts decide then is not in these feeds
        coalesce(
            {{ completed_years('follow_up_end - 1', 'date_of_birth') }} >= 18, false
        ) as is_exposure_incomplete
    from followed

)

select * from final
