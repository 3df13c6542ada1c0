-- Reoffences of each child in a cohort at three, six, nine and twelve months: from its own index date, and by the
-- calendar from the day after the window, without and with the run-in between index date and that day.
with

cohort_member as (

    select * from {{ ref('int_justice__cohort_member') }}

),

cohort_offence as (

    select * from {{ ref('int_justice__cohort_offence') }}

),

checkpoints as (

    select
        cohort_member.service_code,
        cohort_member.cohort_code,
        cohort_member.rule_code,
        cohort_member.person_key,
        cohort_member.geography_key,
        basis.code as basis_code,
        steps.months,
        case
            when basis.code = 'INDIVIDUAL'
                then (cohort_member.index_date + make_interval(months => steps.months))::date
            else (cohort_member.tracking_start + make_interval(months => steps.months))::date - 1
        end as checkpoint_date,
        case when basis.code = 'CALENDAR' then cohort_member.tracking_start else cohort_member.index_date end
            as counted_from
    from cohort_member
    cross join (values ('INDIVIDUAL'), ('CALENDAR'), ('CALENDAR_WITH_RUN_IN')) as basis (code)
    cross join (values (3), (6), (9), (12)) as steps (months)
    where cohort_member.is_in_cohort

),

counted as (

    select
        checkpoints.cohort_code,
        checkpoints.person_key,
        checkpoints.basis_code,
        checkpoints.months,
        count(*)::integer as reoffences,
        count(*) filter (
            where cohort_offence.proven_date <= checkpoints.checkpoint_date
        )::integer as reoffences_proven_by_checkpoint
    from checkpoints
    inner join cohort_offence
        on
            checkpoints.cohort_code = cohort_offence.cohort_code
            and checkpoints.person_key = cohort_offence.person_key
            and cohort_offence.offence_date between checkpoints.counted_from and checkpoints.checkpoint_date
            and case
                when checkpoints.basis_code = 'INDIVIDUAL' then cohort_offence.is_reoffence
                else cohort_offence.is_calendar_reoffence
            end
    group by
        checkpoints.cohort_code, checkpoints.person_key, checkpoints.basis_code, checkpoints.months

),

final as (

    select
        checkpoints.service_code,
        checkpoints.cohort_code,
        checkpoints.rule_code,
        checkpoints.person_key,
        checkpoints.geography_key,
        checkpoints.basis_code,
        checkpoints.months,
        checkpoints.checkpoint_date,
        coalesce(counted.reoffences, 0) as reoffences,
        coalesce(counted.reoffences_proven_by_checkpoint, 0) as reoffences_proven_by_checkpoint,
        coalesce(counted.reoffences, 0) > 0 as is_reoffender,
        {{ as_at_date() }} >= checkpoints.checkpoint_date as is_reached
    from checkpoints
    left join counted
        on
            checkpoints.cohort_code = counted.cohort_code
            and checkpoints.person_key = counted.person_key
            and checkpoints.basis_code = counted.basis_code
            and checkpoints.months = counted.months

)

select * from final
