-- Index events in a cohort's window, with one yes/no for each reason that may keep the child out.
with

cohort_window as (

    select * from {{ ref('int_justice__cohort_window') }}

),

index_event as (

    select * from {{ ref('int_justice__index_event') }}

),

judged as (

    select
        cohort_window.cohort_code,
        cohort_window.rule_code,
        index_event.*,
        not index_event.is_appealed_away as is_not_appealed,
        cohort_window.counts_breach_index or not index_event.is_breach as is_not_breach,
        index_event.age_at_index is not null as is_age_known,
        coalesce(index_event.age_at_index between 10 and 17, false) as is_aged_10_to_17
    from cohort_window
    inner join index_event
        -- every window is a quarter: an equality is hashed, a range would hold each event against each window
        on date_trunc('quarter', index_event.index_date::timestamp)::date = cohort_window.window_start
    where
        index_event.event_type_code in ('CAUTION', 'CONVICTION')
        or index_event.event_type_code = case cohort_window.custody_enters_at
            when 'RELEASE' then 'RELEASE' else 'CUSTODIAL_SENTENCE'
        end

),

final as (

    select
        *,
        is_not_appealed and is_not_breach and is_living_here and is_aged_10_to_17 as is_eligible,
        case
            when not is_not_appealed then 'APPEALED_AWAY'
            when not is_not_breach then 'BREACH'
            when not is_living_here then 'LIVING_ELSEWHERE'
            when not is_age_known then 'AGE_NOT_KNOWN'
            when not is_aged_10_to_17 then 'AGE'
            else 'IN'
        end as reason_code
    from judged

)

select * from final
