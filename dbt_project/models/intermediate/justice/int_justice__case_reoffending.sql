-- Children in and out of the cohorts as cases of the reoffending figures: the Ministry's definition by quarter, the
-- local measure on each basis, at each checkpoint, and with each decision taken the other way.
with

cohort_member as (

    select * from {{ ref('int_justice__cohort_member') }}

),

cohort_checkpoint as (

    select * from {{ ref('int_justice__cohort_checkpoint') }}

),

ministry as (

    select
        figures.indicator_id,
        'DEFAULT' as variant_code,
        cohort_member.cohort_code,
        cohort_member.person_key,
        case
            when figures.indicator_id = 'reoffending_binary_rate' then cohort_member.is_reoffender::integer
            else cohort_member.reoffences
        end as numerator,
        case
            when figures.indicator_id = 'reoffences_per_reoffender' then cohort_member.is_reoffender::integer
            else cohort_member.is_in_cohort::integer
        end as denominator
    from cohort_member
    cross join (
        values
        ('reoffending_binary_rate'),
        ('reoffences_per_reoffender'),
        ('reoffences_per_child'),
        ('reoffences_per_100_children')
    ) as figures (indicator_id)
    where cohort_member.rule_code = 'MINISTRY'

),

local_binary as (

    select
        'local_reoffending_binary_rate' as indicator_id,
        'DEFAULT' as variant_code,
        cohort_code,
        person_key,
        is_reoffender::integer as numerator,
        is_in_cohort::integer as denominator
    from cohort_member
    where rule_code = 'NI19'

),

local_in as (

    select
        'local_reoffending_rate' as indicator_id,
        case
            when rule_code <> 'NI19' then substr(rule_code, 6)
            when months = 12 then basis_code
            else 'MONTHS_' || months
        end as variant_code,
        cohort_code,
        person_key,
        reoffences as numerator,
        1 as denominator
    from cohort_checkpoint
    where
        (rule_code = 'NI19' and months = 12)
        or (rule_code = 'NI19' and basis_code = '{{ var("yos:follow_up_basis") }}')
        or (rule_code like 'NI19\_%' and months = 12 and basis_code = '{{ var("yos:follow_up_basis") }}')

),

local_out as (

    select
        'local_reoffending_rate' as indicator_id,
        variants.code as variant_code,
        cohort_member.cohort_code,
        cohort_member.person_key,
        null::integer as numerator,
        0 as denominator
    from cohort_member
    cross join
        lateral (
            select
                case
                    when cohort_member.rule_code = 'NI19' then basis.code
                    else substr(cohort_member.rule_code, 6)
                end as code
            from (values ('INDIVIDUAL'), ('CALENDAR'), ('CALENDAR_WITH_RUN_IN')) as basis (code)
            where cohort_member.rule_code = 'NI19' or basis.code = 'INDIVIDUAL'
        ) as variants
    where cohort_member.rule_code like 'NI19%' and not cohort_member.is_in_cohort

),

cases as (

    select * from ministry
    union all
    select * from local_binary
    union all
    select * from local_in
    union all
    select * from local_out

),

final as (

    select
        cases.indicator_id,
        cases.variant_code,
        cases.cohort_code || '/' || cases.person_key as case_key,
        cohort_member.window_end as case_date,
        cases.person_key,
        cohort_member.geography_key,
        cohort_member.last_fact_key as fact_key,
        cohort_member.last_fact_date as fact_date,
        coalesce(cases.numerator, 0)::numeric as numerator,
        coalesce(cases.denominator, 0)::numeric as denominator,
        cohort_member.is_in_cohort as is_in,
        cohort_member.reason_code
    from cases
    inner join cohort_member
        on
            cases.cohort_code = cohort_member.cohort_code
            and cases.person_key = cohort_member.person_key

)

select * from final
