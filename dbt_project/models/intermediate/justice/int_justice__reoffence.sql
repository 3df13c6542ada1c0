-- Each proven offence of each child in a cohort, and for each rule whether it makes the offence a reoffence.
-- The offence's own date decides: an offence before the index date is never a reoffence, however late
-- it was sentenced, and one on the index date is none either.
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
        proven_offence.offence_key,
        proven_offence.offence_date,
        proven_offence.offence_date > cohort_entry.index_date as is_after_index,
        proven_offence.offence_date <= (
            cohort_entry.index_date + interval '{{ var("yos:follow_up_months") }} months'
        ) as is_within_follow_up,
        proven_offence.proven_date <= (
            cohort_entry.index_date
            + interval '{{ var("yos:follow_up_months") + var("yos:waiting_months") }} months'
        ) as is_proven_in_time,
        not proven_offence.is_breach as is_not_breach,
        not proven_offence.is_tic as is_not_tic,
        proven_offence.is_recordable or not {{ var('yos:recordable_only') }} as is_of_a_counted_kind,
        proven_offence.offence_date <= cohort_window.checkpoint_date
        and proven_offence.proven_date <= cohort_window.checkpoint_date as is_known_at_checkpoint
    from cohort_entry
    inner join cohort_window on cohort_entry.cohort_code = cohort_window.cohort_code
    inner join proven_offence on cohort_entry.person_key = proven_offence.person_key

),

final as (

    select
        *,
        is_after_index
        and is_within_follow_up
        and is_proven_in_time
        and is_not_breach
        and is_not_tic
        and is_of_a_counted_kind as is_reoffence
    from judged

)

select * from final
