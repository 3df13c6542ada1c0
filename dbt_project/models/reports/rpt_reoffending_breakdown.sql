-- The live cohorts of the last four complete quarters by who the children are and what opened the follow-up. A
-- hidden category takes the next smallest of its kind with it, so that no total gives it away.
with

cohort_member as (

    select * from {{ ref('fct_cohort_member') }}

),

cohort as (

    select * from {{ ref('dim_cohort') }}

),

child as (

    select * from {{ ref('dim_child') }}

),

offence_type as (

    select * from {{ ref('dim_offence') }}

),

members as (

    select
        cohort_member.*,
        child.sex_code,
        child.ethnicity_group_code,
        offence_type.offence_group_name
    from cohort_member
    inner join cohort on cohort_member.cohort_code = cohort.cohort_code
    inner join child on cohort_member.person_key = child.person_key
    inner join offence_type on cohort_member.offence_type_key = offence_type.offence_type_key
    where
        cohort_member.rule_code = 'LIVE'
        and cohort_member.is_in_cohort
        and cohort.window_end <= {{ as_at_date() }}
        and cohort.window_end > {{ as_at_date() }} - interval '1 year'

),

categories as (

    select
        by_what.kind_code,
        by_what.category_name,
        members.reoffenders,
        members.reoffences
    from members
    cross join lateral (
        values
        (
            'AGE',
            case
                when members.age_at_index < 14 then '10 to 13' when members.age_at_index < 16 then '14 and 15'
                else '16 and 17'
            end
        ),
        ('SEX', members.sex_code),
        ('ETHNICITY', members.ethnicity_group_code),
        ('INDEX_TIER', members.tier_code),
        ('OFFENCE_GROUP', members.offence_group_name),
        (
            'EARLIER_OUTCOMES',
            case
                when members.earlier_outcomes = 0 then 'none' when members.earlier_outcomes < 3 then '1 or 2'
                else '3 or more'
            end
        ),
        ('LOOKED_AFTER', case when members.is_looked_after then 'yes' else 'no' end),
        (
            'TIME_TO_REOFFEND',
            case
                when members.days_to_first_reoffence is null then 'none so far'
                when members.first_reoffence_date <= members.index_date + interval '3 months' then '0 to 3 months'
                when members.first_reoffence_date <= members.index_date + interval '6 months' then '3 to 6 months'
                when members.first_reoffence_date <= members.index_date + interval '9 months' then '6 to 9 months'
                else '9 to 12 months'
            end
        )
    ) as by_what (kind_code, category_name)

),

counted as (

    select
        kind_code,
        category_name,
        count(*)::numeric as children,
        sum(reoffenders)::numeric as reoffenders,
        sum(reoffences)::numeric as reoffences
    from categories
    group by kind_code, category_name

),

-- both the children and those of them who reoffended must be too many to tell of one
primarily as (

    select
        *,
        {{ is_small('children') }}
        or {{ is_small('reoffenders') }}
        or {{ is_small('(children - reoffenders)') }} as is_small_itself
    from counted

),

ranked as (

    select
        *,
        count(*) filter (where is_small_itself) over (partition by kind_code) as hidden_categories,
        row_number() over (
            partition by kind_code, is_small_itself
            order by children, category_name
        ) as size_number
    from primarily

),

judged as (

    select
        *,
        is_small_itself or (hidden_categories = 1 and size_number = 1) as is_hidden
    from ranked

),

final as (

    select
        kind_code,
        category_name,
        case when not is_hidden then children end as children,
        case when not is_hidden then reoffenders end as reoffenders,
        case when not is_hidden then reoffences end as reoffences,
        {{ shown_count('children', 'is_hidden') }} as children_shown,
        {{ shown_count('reoffenders', 'is_hidden') }} as reoffenders_shown,
        {{ shown_count('reoffences', 'is_hidden') }} as reoffences_shown,
        case when not is_hidden then round(100 * reoffenders / children, 1) end as binary_rate,
        'LOCAL_CMS' as source_basis,
        '{{ var("yos:service") }}' as service_code
    from judged

)

select * from final
