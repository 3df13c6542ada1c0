-- The cohorts of all rules as one would write them in one piece: what the benchmark measures dbt's chain against.
with

rule (
    rule_code, months, waiting, custody, counts_breach_index, counts_tic, counts_bail, recordable_only
) as (
    values
        ('MINISTRY', 3, 6, 'RELEASE', false, false, true, true),
        ('NI19', 12, 3, 'CUSTODIAL_SENTENCE', false, false, true, false),
        ('LIVE', 3, 0, 'CUSTODIAL_SENTENCE', false, false, true, false),
        ('NI19_ON_INDEX_DATE', 12, 3, 'CUSTODIAL_SENTENCE', false, false, true, false),
        ('NI19_CUSTODY_ENTRY', 12, 3, 'RELEASE', false, false, true, false),
        ('NI19_BAIL', 12, 3, 'CUSTODIAL_SENTENCE', false, false, false, false),
        ('NI19_TIC', 12, 3, 'CUSTODIAL_SENTENCE', false, true, true, false),
        ('NI19_BREACH_INDEX', 12, 3, 'CUSTODIAL_SENTENCE', true, false, true, false),
        ('NI19_RECORDABLE', 12, 3, 'CUSTODIAL_SENTENCE', false, false, true, true)
),

cohort as (
    select
        rule.*, rule_code = 'NI19_ON_INDEX_DATE' as counts_on_index_date, day::date as window_start,
        rule_code || '_' || date_part('year', day) || case when months = 3 then 'Q' || date_part('quarter', day) else '' end
            as cohort_code
    from rule cross join lateral generate_series('2000-01-01', %(as_at)s, make_interval(months => months)) as s (day)
    where day > %(as_at)s - interval '10 years'
),

entry as (
    select distinct on (cohort_code, person_key)
        event.*, cohort_code, rule_code, waiting, counts_on_index_date, counts_tic, counts_bail, recordable_only,
        not is_appealed_away as is_not_appealed,
        counts_breach_index or not is_breach as is_not_breach,
        coalesce(age_at_index between 10 and 17, false) as is_aged_10_to_17,
        coalesce(
            not is_appealed_away and (counts_breach_index or not is_breach) and is_living_here
            and age_at_index between 10 and 17, false
        ) as is_in_cohort
    from intermediate.int_justice__index_event as event
    inner join cohort
        on window_start = date_trunc('quarter', index_date)::date and event_type_code in ('CAUTION', 'CONVICTION', custody)
    order by cohort_code, person_key, is_in_cohort desc, index_date, outcome_rank, is_breach, event_record_id
),

reoffence as (
    select cohort_code, person_key, count(*)::integer as reoffences, min(offence_date) as first_reoffence_date
    from entry
    inner join intermediate.int_justice__proven_offence as offence using (person_key)
    where is_in_cohort
        and offence_date >= index_date and offence_date <= index_date + interval '12 months'
        and proven_date <= index_date + make_interval(months => 12 + waiting)
        and (counts_on_index_date or offence_date > index_date)
        and not offence.is_breach
        and (counts_tic or not is_tic)
        and (counts_bail or not is_bail_offence)
        and (not recordable_only or is_recordable)
    group by cohort_code, person_key
)

select
    service_code, cohort_code, rule_code, person_key, event_key, event_type_code, outcome_type_key, offence_type_key,
    geography_key, index_date, tier_code, age_at_index, earlier_outcomes, is_looked_after, is_in_cohort,
    case
        when not is_not_appealed then 'APPEALED_AWAY' when not is_not_breach then 'BREACH'
        when not is_living_here then 'LIVING_ELSEWHERE' when age_at_index is null then 'AGE_NOT_KNOWN'
        when not is_aged_10_to_17 then 'AGE' else 'IN'
    end as reason_code,
    is_aged_10_to_17, is_living_here, is_not_appealed, is_not_breach,
    (index_date + interval '12 months')::date as follow_up_end,
    (index_date + make_interval(months => 12 + waiting))::date as proven_by,
    case when is_in_cohort then coalesce(reoffences, 0) end as reoffences,
    case when is_in_cohort then coalesce(reoffences, 0) > 0 end as is_reoffender,
    first_reoffence_date, first_reoffence_date - index_date as days_to_first_reoffence,
    %(as_at)s >= (index_date + interval '12 months')::date as is_follow_up_complete,
    %(as_at)s >= (index_date + make_interval(months => 12 + waiting))::date as is_final,
    coalesce(date_part('year', age((index_date + interval '12 months')::date - 1, date_of_birth))::integer >= 18, false)
        as is_exposure_incomplete
from entry left join reoffence using (cohort_code, person_key)
