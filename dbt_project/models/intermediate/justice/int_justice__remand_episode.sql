-- Remands to youth detention or local authority accommodation. One lasts over all hearings that leave it as it
-- is and ends with the court's outcome or with a hearing that decides otherwise; until then it runs.
with

remand_run as (

    select * from {{ ref('int_justice__remand_run') }}

),

outcome as (

    select * from {{ ref('int_justice__outcome') }}

),

episode as (

    select *
    from remand_run
    where remand_class_code in ('YDA', 'RLAA')

),

-- sentence or acquittal, at whatever age: either ends a remand
court_outcome as (

    select *
    from outcome
    where
        (is_court_disposal or outcome_type_key in ('NOT_GUILTY', 'DISMISSED', 'WITHDRAWN'))
        and not is_appealed_away
        and outcome_date <= {{ as_at_date() }}

),

ending as (

    select
        episode.run_key,
        court_outcome.outcome_key,
        court_outcome.outcome_type_key,
        court_outcome.outcome_date,
        court_outcome.is_custody,
        row_number() over (
            partition by episode.run_key
            order by court_outcome.outcome_date, court_outcome.outcome_rank, court_outcome.outcome_record_id
        ) as outcome_number
    from episode
    inner join court_outcome
        on
            episode.person_key = court_outcome.person_key
            and episode.last_hearing_date <= court_outcome.outcome_date

),

ended as (

    select
        episode.*,
        least(episode.next_run_start, ending.outcome_date) as end_date,
        ending.outcome_date <= coalesce(episode.next_run_start, date 'infinity') as is_ended_by_outcome,
        ending.outcome_key,
        ending.outcome_type_key,
        ending.is_custody
    from episode
    left join ending on episode.run_key = ending.run_key and ending.outcome_number = 1

),

final as (

    select
        service_code,
        run_key as episode_key,
        person_key,
        geography_key,
        remand_class_code,
        court_key,
        start_date,
        last_hearing_date,
        end_date,
        coalesce(end_date, {{ as_at_date() }}) - start_date as nights,
        hearings,
        case
            when is_ended_by_outcome then 'OUTCOME'
            when end_date is not null then 'OTHER_DECISION'
            else 'RUNNING'
        end as end_reason_code,
        case when is_ended_by_outcome then outcome_key end as outcome_key,
        case when is_ended_by_outcome then outcome_type_key else '-2' end as outcome_type_key,
        age_at_start,
        residence_code,
        is_counted,
        remand_class_code = 'YDA'
        and coalesce(is_ended_by_outcome and not is_custody, false)
        and end_date - start_date > 27 as is_long_without_custody
    from ended

)

select * from final
