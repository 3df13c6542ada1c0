-- Each proven offence of each child in a cohort that is dated on or after the index date, and one yes/no for each
-- reason that may keep it from being a reoffence. The offence's own date decides: an earlier offence is none,
-- however late it was sentenced.
with

cohort_entry as (

    select * from {{ ref('int_justice__cohort_entry') }}

),

cohort_window as (

    select * from {{ ref('int_justice__cohort_window') }}

),

proven_offence as (

    select * from {{ ref('int_justice__proven_offence') }}

),

judged as (

    select
        cohort_entry.cohort_code,
        cohort_entry.person_key,
        cohort_entry.index_date,
        cohort_window.tracking_start,
        proven_offence.offence_key,
        proven_offence.outcome_key,
        proven_offence.outcome_record_id,
        proven_offence.offence_date,
        proven_offence.proven_date,
        cohort_window.counts_on_index_date
        or proven_offence.offence_date > cohort_entry.index_date as is_after_index,
        proven_offence.offence_date <= (
            cohort_entry.index_date + make_interval(months => cohort_window.follow_up_months)
        ) as is_within_follow_up,
        proven_offence.proven_date <= (
            cohort_entry.index_date
            + make_interval(months => cohort_window.follow_up_months + cohort_window.waiting_months)
        ) as is_proven_in_time,
        proven_offence.proven_date <= cohort_window.calendar_proven_by as is_proven_in_calendar_time,
        not proven_offence.is_breach as is_not_breach,
        cohort_window.counts_tic or not proven_offence.is_tic as is_not_tic,
        cohort_window.counts_bail_offences or not proven_offence.is_bail_offence as is_counted_bail,
        not cohort_window.recordable_only or proven_offence.is_recordable as is_counted_recordable
    from cohort_entry
    inner join cohort_window on cohort_entry.cohort_code = cohort_window.cohort_code
    inner join proven_offence
        on
            cohort_entry.person_key = proven_offence.person_key
            and cohort_entry.index_date <= proven_offence.offence_date
    where cohort_entry.is_in_cohort

),

of_a_counted_kind as (

    select
        *,
        is_after_index
        and is_not_breach
        and is_not_tic
        and is_counted_bail
        and is_counted_recordable as is_counted
    from judged

),

final as (

    select
        *,
        is_counted and is_within_follow_up and is_proven_in_time as is_reoffence,
        is_counted and is_proven_in_calendar_time as is_calendar_reoffence
    from of_a_counted_kind

)

select * from final
