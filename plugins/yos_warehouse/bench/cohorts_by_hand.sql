-- The cohorts of all rules as one would write them in one piece: what the benchmark measures dbt's chain against.
-- Rules that let the same events in share one entry, and an offence is looked up once for all of them.
with

rule (
    rule_code, entry_number, custody, counts_breach_index, months, waiting, counts_on_index_date, counts_tic,
    counts_bail, recordable_only
) as (
    values
        ('MINISTRY', 1, 'RELEASE', false, 3, 6, false, false, true, true),
        ('NI19_CUSTODY_ENTRY', 1, 'RELEASE', false, 12, 3, false, false, true, false),
        ('LIVE', 2, 'CUSTODIAL_SENTENCE', false, 3, 0, false, false, true, false),
        ('NI19', 2, 'CUSTODIAL_SENTENCE', false, 12, 3, false, false, true, false),
        ('NI19_ON_INDEX_DATE', 2, 'CUSTODIAL_SENTENCE', false, 12, 3, true, false, true, false),
        ('NI19_BAIL', 2, 'CUSTODIAL_SENTENCE', false, 12, 3, false, false, false, false),
        ('NI19_TIC', 2, 'CUSTODIAL_SENTENCE', false, 12, 3, false, true, true, false),
        ('NI19_RECORDABLE', 2, 'CUSTODIAL_SENTENCE', false, 12, 3, false, false, true, true),
        ('NI19_BREACH_INDEX', 3, 'CUSTODIAL_SENTENCE', true, 12, 3, false, false, true, false)
),

cohort as (
    select
        rule.*, day::date as window_start,
        rule_code || '_' || date_part('year', day) || case when months = 3 then 'Q' || date_part('quarter', day) else '' end
            as cohort_code
    from rule cross join lateral generate_series('2000-01-01', %(as_at)s, make_interval(months => months)) as s (day)
    where day > %(as_at)s - interval '10 years'
),

entry_window as materialized (
    select distinct entry_number, custody, counts_breach_index, window_start from cohort
),

entry as materialized (
    select distinct on (person_key, window_start, entry_number)
        event.*, window_start, entry_number,
        counts_breach_index or not is_breach as is_not_breach,
        coalesce(age_at_index between 10 and 17, false) as is_aged_10_to_17,
        coalesce(
            not is_appealed_away and (counts_breach_index or not is_breach) and is_living_here
            and age_at_index between 10 and 17, false
        ) as is_in_cohort,
        (index_date + interval '12 months')::date as follow_up_end
    from intermediate.int_justice__index_event as event
    inner join entry_window
        on window_start = date_trunc('quarter', index_date)::date and event_type_code in ('CAUTION', 'CONVICTION', custody)
    order by
        person_key, window_start, entry_number, is_in_cohort desc, index_date, outcome_rank, is_breach, event_record_id
),

later_offence as materialized (
    select
        person_key, window_start, entry_number, offence_date, proven_date, offence.is_tic, is_bail_offence, is_recordable,
        offence_date > index_date as is_after_index, index_date
    from entry
    inner join intermediate.int_justice__proven_offence as offence using (person_key)
    where is_in_cohort and not offence.is_breach and offence_date >= index_date and offence_date <= follow_up_end
),

reoffence as (
    select cohort_code, person_key, count(*)::integer as reoffences, min(offence_date) as first_reoffence_date
    from later_offence
    inner join cohort using (window_start, entry_number)
    where proven_date <= index_date + make_interval(months => 12 + waiting)
        and (counts_on_index_date or is_after_index)
        and (counts_tic or not is_tic)
        and (counts_bail or not is_bail_offence)
        and (not recordable_only or is_recordable)
    group by cohort_code, person_key
)

select
    service_code, cohort_code, rule_code, person_key, event_key, event_type_code, outcome_type_key, offence_type_key,
    geography_key, index_date, tier_code, age_at_index, earlier_outcomes, is_looked_after, is_in_cohort,
    case
        when is_appealed_away then 'APPEALED_AWAY' when not is_not_breach then 'BREACH'
        when not is_living_here then 'LIVING_ELSEWHERE' when age_at_index is null then 'AGE_NOT_KNOWN'
        when not is_aged_10_to_17 then 'AGE' else 'IN'
    end as reason_code,
    is_aged_10_to_17, is_living_here, not is_appealed_away as is_not_appealed, is_not_breach, follow_up_end,
    (index_date + make_interval(months => 12 + waiting))::date as proven_by,
    case when is_in_cohort then coalesce(reoffences, 0) end as reoffences,
    case when is_in_cohort then coalesce(reoffences, 0) > 0 end as is_reoffender,
    first_reoffence_date, first_reoffence_date - index_date as days_to_first_reoffence,
    %(as_at)s >= follow_up_end as is_follow_up_complete,
    %(as_at)s >= (index_date + make_interval(months => 12 + waiting))::date as is_final,
    coalesce(date_part('year', age(follow_up_end - 1, date_of_birth))::integer >= 18, false) as is_exposure_incomplete
from entry
inner join cohort using (window_start, entry_number)
left join reoffence using (cohort_code, person_key)
