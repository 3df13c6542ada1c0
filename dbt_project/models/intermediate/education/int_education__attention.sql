-- Whose education, employment or training needs a look while an order runs, and why: one step for each reason.
with

running_order as (

    select * from {{ ref('int_education__running_order') }}

),

status_on_day as (

    select *
    from {{ ref('int_education__status_on_day') }}
    where status_date = {{ as_at_date() }}

),

spell as (

    select * from {{ ref('int_education__spell') }}

),

activity as (

    select * from {{ ref('stg_education__young_person_activity') }}

),

linked_record as (

    select * from {{ ref('int_education__linked_record') }}

),

attendance_day as (

    select * from {{ ref('int_education__attendance_day') }}

),

conflict as (

    select * from {{ ref('int_education__conflict') }}

),

-- the child's newest order says who answers for it
child as (

    select
        person_key,
        min(start_date) as first_start,
        min(order_end_expected) as order_end_expected,
        min(team_code) filter (where newest = 1) as team_code,
        min(geography_key) filter (where newest = 1) as geography_key,
        min(service_code) as service_code
    from running_order
    group by person_key

),

-- an order past its planned end runs until somebody closes it, and is listed until then
order_ending as (

    select
        running_order.person_key,
        'ORDER_ENDING' as attention_code,
        running_order.order_key as subject_key,
        running_order.order_end_expected as due_date,
        status_on_day.reason_code as detail_code,
        null::integer as detail_count,
        status_on_day.source_code,
        status_on_day.provision_type_code,
        null::text as other_source_code,
        null::text as other_provision_type_code,
        running_order.order_end_expected,
        running_order.team_code,
        running_order.geography_key,
        running_order.service_code
    from running_order
    inner join status_on_day on running_order.person_key = status_on_day.person_key
    where
        running_order.is_in_eet_indicator
        and running_order.order_end_expected <= {{ as_at_date() }} + 60
        and status_on_day.status_code <> 'SUITABLE'

),

part_time as (

    select
        person_key,
        'PART_TIME_TIMETABLE' as attention_code,
        max(mark_date) as due_date,
        'C2' as detail_code,
        sum(sessions_part_time)::integer as detail_count,
        'SCHOOL' as source_code,
        null as provision_type_code,
        null as other_source_code,
        null as other_provision_type_code
    from attendance_day
    where
        sessions_part_time > 0
        and mark_date > {{ as_at_date() }} - 28
        and mark_date <= {{ as_at_date() }}
    group by person_key

),

newest_activity as (

    select
        *,
        row_number() over (
            partition by person_key
            order by start_date desc, spell_number desc
        ) as newest
    from spell
    where source_code = 'PARTICIPATION'

),

-- what the participation team was last asked, also where the answer was that nobody knows
last_asked as (

    select
        linked_record.person_key,
        max(activity.activity_start_date) as asked_on
    from activity
    inner join linked_record
        on
            activity.young_person_id = linked_record.record_id
            and linked_record.entity = 'young_person'
    group by linked_record.person_key

),

lapsed_activity as (

    select
        newest_activity.person_key,
        'LAPSED_ACTIVITY' as attention_code,
        newest_activity.end_date as due_date,
        null as detail_code,
        null::integer as detail_count,
        newest_activity.source_code,
        newest_activity.provision_type_code,
        null as other_source_code,
        null as other_provision_type_code
    from newest_activity
    inner join last_asked on newest_activity.person_key = last_asked.person_key
    where
        newest_activity.newest = 1
        and newest_activity.is_lapsed
        and newest_activity.end_date >= last_asked.asked_on

),

last_record as (

    select
        person_key,
        max(end_date) as last_end
    from spell
    where end_date < {{ as_at_date() }}
    group by person_key

),

no_record as (

    select
        child.person_key,
        'NO_RECORD' as attention_code,
        coalesce(last_record.last_end, child.first_start, {{ as_at_date() }}) as due_date,
        case when last_record.last_end is null then 'NEVER_RECORDED' else 'RECORD_ENDED' end as detail_code,
        null::integer as detail_count,
        'NOT_KNOWN' as source_code,
        null as provision_type_code,
        null as other_source_code,
        null as other_provision_type_code
    from child
    inner join status_on_day on child.person_key = status_on_day.person_key
    left join last_record on child.person_key = last_record.person_key
    where not status_on_day.has_record

),

open_conflict as (

    select
        person_key,
        'CONFLICT' as attention_code,
        first_day as due_date,
        conflict_code as detail_code,
        days as detail_count,
        source_code,
        provision_type_code,
        other_source_code,
        other_provision_type_code
    from conflict
    where is_open

),

of_child as (

    select * from part_time
    union all
    select * from lapsed_activity
    union all
    select * from no_record
    union all
    select * from open_conflict

),

listed as (

    select * from order_ending
    union all
    select
        of_child.person_key,
        of_child.attention_code,
        0 as subject_key,
        of_child.due_date,
        of_child.detail_code,
        of_child.detail_count,
        of_child.source_code,
        of_child.provision_type_code,
        of_child.other_source_code,
        of_child.other_provision_type_code,
        child.order_end_expected,
        child.team_code,
        child.geography_key,
        child.service_code
    from of_child
    inner join child on of_child.person_key = child.person_key

),

final as (

    select
        *,
        -- several witnesses can begin to contradict one another on one day
        row_number() over (
            partition by person_key, attention_code, subject_key, due_date
            order by detail_code, source_code, other_source_code
        )::integer as attention_number
    from listed

)

select * from final
