-- The live tracker: children in the cohorts of the last two years with who they are, what opened the follow-up and
-- what has happened since, for those who work with them.
with

cohort_member as (

    select * from {{ ref('int_justice__cohort_member') }}

),

case_system_person as (

    select * from {{ ref('int_justice__case_system_person') }}

),

named as (

    select * from {{ ref('int_justice__named_child') }}

),

child as (

    select * from {{ ref('int_justice__child') }}

),

outcome_type as (

    select * from {{ ref('int_reference__outcome_type') }}

),

offence_type as (

    select * from {{ ref('int_reference__offence_type') }}

),

district as (

    select * from {{ ref('int_reference__district') }}

),

care_status as (

    select * from {{ ref('stg_case_system__care_status') }}

),

asset_plus as (

    select * from {{ ref('stg_case_system__asset_plus') }}

),

orders as (

    select * from {{ ref('int_justice__order') }}

),

outcomes as (

    select * from {{ ref('int_justice__substantive_outcome') }}

),

members as (

    select *
    from cohort_member
    where
        rule_code = 'LIVE'
        and is_in_cohort
        and window_start > {{ as_at_date() }} - interval '2 years'

),

in_care as (

    select
        members.cohort_code,
        members.person_key,
        min(care_status.status) as care_status_code
    from members
    inner join case_system_person on members.person_key = case_system_person.person_key
    inner join care_status
        on
            case_system_person.person_id = care_status.person_id
            and members.index_date >= care_status.start_date
            and members.index_date <= coalesce(care_status.end_date, date 'infinity')
    group by members.cohort_code, members.person_key

),

assessed as (

    select
        case_system_person.person_key,
        asset_plus.assessment_date,
        asset_plus.likelihood_of_reoffending,
        asset_plus.yogrs,
        row_number() over (
            partition by case_system_person.person_key
            order by asset_plus.assessment_date desc, asset_plus.record_id desc
        ) as newest
    from asset_plus
    inner join case_system_person on asset_plus.person_id = case_system_person.person_id

),

last_order as (

    select
        person_key,
        end_date,
        team_code,
        row_number() over (
            partition by person_key order by start_date desc, record_id desc
        ) as newest
    from orders
    where person_key > 0

),

earlier as (

    select
        members.cohort_code,
        members.person_key,
        count(distinct outcomes.outcome_date)::integer as earlier_outcomes
    from members
    inner join outcomes
        on members.person_key = outcomes.person_key and members.index_date > outcomes.outcome_date
    group by members.cohort_code, members.person_key

),

final as (

    select
        members.cohort_code,
        members.person_key,
        named.person_id as case_reference,
        named.given_name,
        named.family_name,
        child.date_of_birth,
        child.sex_code,
        child.ethnicity_group_code,
        coalesce(in_care.care_status_code, 'NONE') as care_status_code,
        coalesce(district.district_name, 'Not known') as district_name,
        coalesce(last_order.team_code, district.team_code, 'NOT_KNOWN') as team_code,
        members.index_date,
        members.age_at_index,
        coalesce(outcome_type.outcome_name, 'Not in the code list') as index_outcome_name,
        coalesce(offence_type.offence_name, 'Not in the code list') as index_offence_name,
        offence_type.yjb_seriousness as index_seriousness,
        coalesce(earlier.earlier_outcomes, 0) as earlier_outcomes,
        assessed.assessment_date,
        coalesce(assessed.likelihood_of_reoffending, 'NOT_KNOWN') as likelihood_of_reoffending,
        assessed.yogrs,
        last_order.end_date as order_end_date,
        members.reoffences,
        members.first_reoffence_date,
        members.days_to_first_reoffence,
        case
            when members.days_to_first_reoffence is null then 'NONE'
            when members.first_reoffence_date <= (members.index_date + interval '3 months') then 'MONTHS_0_3'
            when members.first_reoffence_date <= (members.index_date + interval '6 months') then 'MONTHS_3_6'
            when members.first_reoffence_date <= (members.index_date + interval '9 months') then 'MONTHS_6_9'
            else 'MONTHS_9_12'
        end as time_to_reoffend_code,
        case
            when members.reoffences > 0 then 'REOFFENDED'
            when members.is_follow_up_complete then 'NO_REOFFENCE'
            else 'IN_FOLLOW_UP'
        end as status_code,
        members.follow_up_end,
        members.is_exposure_incomplete,
        -- data completeness: what the tracker lacks of a child
        (named.person_id is null)::integer
        + (child.date_of_birth is null)::integer
        + (child.ethnicity_group_code = 'NOT_KNOWN')::integer
        + (assessed.person_key is null)::integer as missing_items,
        members.service_code
    from members
    left join child on members.person_key = child.person_key
    left join named on members.person_key = named.person_key
    left join outcome_type on members.outcome_type_key = outcome_type.outcome_type_key
    left join offence_type on members.offence_type_key = offence_type.offence_type_key
    left join district on members.geography_key = district.geography_key
    left join in_care on members.cohort_code = in_care.cohort_code and members.person_key = in_care.person_key
    left join assessed on members.person_key = assessed.person_key and assessed.newest = 1
    left join last_order on members.person_key = last_order.person_key and last_order.newest = 1
    left join earlier on members.cohort_code = earlier.cohort_code and members.person_key = earlier.person_key

)

select * from final
