-- What is recorded of a child's education, employment and training on the days that are asked about: the start and
-- end of each order, and the as-at day while an order runs. Of the witnesses with a spell that day the one that comes
-- first in ref_eet_precedence is believed, and only it; orders of nobody known stand on -1 without a record.
with

orders as (

    select * from {{ ref('int_justice__order') }}

),

child as (

    select * from {{ ref('int_justice__child') }}

),

spell as (

    select * from {{ ref('int_education__spell') }}

),

attendance_month as (

    select * from {{ ref('int_education__attendance_month') }}

),

ref_eet_precedence as (

    select * from {{ ref('ref_eet_precedence') }}

),

ref_series_break as (

    select *
    from {{ ref('ref_series_break') }}
    where subject_code = 'EDUCATION'

),

day_of_order as (

    select
        person_key,
        start_date as status_date
    from orders
    where start_date is not null
    union all
    select
        person_key,
        end_date as status_date
    from orders
    where end_date <= {{ as_at_date() }}
    union all
    select
        person_key,
        {{ as_at_date() }} as status_date
    from orders
    where end_date is null or end_date > {{ as_at_date() }}

),

asked as (

    select
        day_of_order.person_key,
        day_of_order.status_date,
        child.date_of_birth,
        coalesce(bool_or(ref_series_break.break_code is not null), false) as is_series_break
    from day_of_order
    left join child on day_of_order.person_key = child.person_key
    left join ref_series_break
        on
            day_of_order.status_date >= ref_series_break.first_day
            and day_of_order.status_date <= ref_series_break.last_day
    group by day_of_order.person_key, day_of_order.status_date, child.date_of_birth

),

believable as (

    select
        spell.*,
        ref_eet_precedence.precedence as precedence_on_day,
        ref_eet_precedence.valid_from,
        ref_eet_precedence.valid_to
    from spell
    inner join ref_eet_precedence on spell.source_code = ref_eet_precedence.source_code

),

-- a witness without a place in the order on that day is not heard
heard as (

    select
        asked.person_key,
        asked.status_date,
        asked.date_of_birth,
        asked.is_series_break,
        believable.source_code,
        believable.start_date,
        believable.spell_number,
        believable.is_eet,
        believable.provision_type_code,
        believable.hours_offered,
        believable.hours_attended,
        believable.suitability_code,
        first_value(believable.source_code) over (
            partition by asked.person_key, asked.status_date
            order by believable.precedence_on_day, believable.source_code
        ) as believed_source_code,
        bool_or(believable.is_eet) over (
            partition by asked.person_key, asked.status_date, believable.source_code
        ) as witness_has_placement
    from asked
    left join believable
        on
            asked.person_key = believable.person_key
            and asked.status_date >= believable.start_date
            and asked.status_date <= coalesce(believable.end_date, date 'infinity')
            and asked.status_date >= coalesce(believable.valid_from, date '-infinity')
            and asked.status_date <= coalesce(believable.valid_to, date 'infinity')

),

placement as (

    select
        *,
        source_code = believed_source_code and is_eet as is_placement
    from heard

),

summed as (

    select
        person_key,
        status_date,
        date_of_birth,
        is_series_break,
        believed_source_code,
        count(*) filter (where is_placement)::integer as placements,
        sum(hours_offered) filter (where is_placement)::numeric(6, 2) as hours_offered,
        sum(hours_attended) filter (where is_placement)::numeric(6, 2) as hours_attended,
        bool_and(suitability_code = 'SUITABLE') filter (where is_placement) as is_every_placement_suitable,
        bool_or(suitability_code = 'UNSUITABLE') filter (where is_placement) as is_any_placement_unsuitable,
        bool_and(suitability_code <> 'UNKNOWN') filter (where is_placement) as is_suitability_known,
        (
            array_agg(
                provision_type_code
                order by hours_attended desc nulls last, start_date asc, spell_number asc, provision_type_code asc
            ) filter (where is_placement)
        )[1] as provision_type_code,
        bool_or(witness_has_placement) and not bool_and(witness_has_placement) as witnesses_disagree
    from placement
    group by person_key, status_date, date_of_birth, is_series_break, believed_source_code

),

final as (

    select
        summed.person_key,
        summed.status_date,
        {{ is_school_age('summed.status_date', 'summed.date_of_birth') }} as is_school_age,
        summed.is_series_break,
        coalesce(summed.believed_source_code, 'NOT_KNOWN') as source_code,
        summed.believed_source_code is not null as has_record,
        summed.placements,
        case
            when summed.believed_source_code is null then 'NOT_KNOWN'
            else coalesce(summed.provision_type_code, 'NONE')
        end as provision_type_code,
        summed.hours_offered,
        summed.hours_attended,
        case when summed.placements > 0 then attendance_month.hours_estimated end as hours_estimated,
        coalesce(summed.is_every_placement_suitable, false) as is_every_placement_suitable,
        coalesce(summed.is_any_placement_unsuitable, false) as is_any_placement_unsuitable,
        coalesce(summed.is_suitability_known, false) as is_suitability_known,
        coalesce(summed.witnesses_disagree, false) as witnesses_disagree
    from summed
    left join attendance_month
        on
            summed.person_key = attendance_month.person_key
            and attendance_month.month_start = date_trunc('month', summed.status_date)::date

)

select * from final
