-- Hearing days of a child that follow one another with the same decision form one run. Only days up to the
-- as-at day: what was decided on a later one cannot be known.
with

hearing as (

    select * from {{ ref('int_justice__hearing') }}

),

decided as (

    select
        *,
        lag(remand_class_code) over (partition by person_key order by hearing_date) as class_before
    from hearing
    where is_decision_of_day and hearing_date <= {{ as_at_date() }}

),

numbered as (

    select
        *,
        count(*) filter (where remand_class_code is distinct from class_before) over (
            partition by person_key order by hearing_date
        ) as run_number
    from decided

),

runs as (

    select
        person_key,
        run_number,
        min(hearing_date) as start_date,
        max(hearing_date) as last_hearing_date,
        count(*)::integer as hearings
    from numbered
    group by person_key, run_number

),

final as (

    select
        numbered.service_code,
        numbered.hearing_key as run_key,
        numbered.person_key,
        numbered.geography_key,
        numbered.remand_class_code,
        numbered.court_key,
        runs.start_date,
        runs.last_hearing_date,
        runs.hearings,
        lead(runs.start_date) over (partition by runs.person_key order by runs.run_number) as next_run_start,
        numbered.age_at_hearing as age_at_start,
        numbered.residence_code,
        numbered.is_counted
    from runs
    inner join numbered
        on runs.person_key = numbered.person_key and runs.start_date = numbered.hearing_date

)

select * from final
