-- One row per child and cohort: how many reoffences, and how many by the same point of each year.
with

cohort_entry as (

    select * from {{ ref('int_justice__cohort_entry') }}

),

cohort_window as (

    select * from {{ ref('int_justice__cohort_window') }}

),

reoffence as (

    select * from {{ ref('int_justice__reoffence') }}

),

counted as (

    select
        cohort_code,
        person_key,
        count(*)::integer as reoffences,
        count(*) filter (where is_known_at_checkpoint)::integer as reoffences_to_checkpoint,
        min(offence_date) as first_reoffence_date
    from reoffence
    where is_reoffence
    group by cohort_code, person_key

),

final as (

    select
        cohort_entry.*,
        cohort_window.window_start,
        cohort_window.window_end,
        cohort_window.tracking_start,
        cohort_window.checkpoint_date,
        coalesce(counted.reoffences, 0) as reoffences,
        coalesce(counted.reoffences_to_checkpoint, 0) as reoffences_to_checkpoint,
        counted.first_reoffence_date,
        cohort_window.as_at_date >= (
            cohort_entry.index_date + interval '{{ var("yos:follow_up_months") }} months'
        ) as is_follow_up_complete,
        cohort_window.as_at_date >= (
            cohort_entry.index_date
            + interval '{{ var("yos:follow_up_months") + var("yos:waiting_months") }} months'
        ) as is_final
    from cohort_entry
    inner join cohort_window on cohort_entry.cohort_code = cohort_window.cohort_code
    left join counted
        on
            cohort_entry.cohort_code = counted.cohort_code
            and cohort_entry.person_key = counted.person_key

)

select * from final
