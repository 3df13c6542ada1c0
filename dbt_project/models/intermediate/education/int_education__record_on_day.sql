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

-- a witness without a place in the order on that day is not heard
covering as (

    select
        asked.status_date,
        ref_eet_precedence.precedence as precedence_on_day,
        spell.*
    from asked
    inner join spell
        on
            asked.person_key = spell.person_key
            and asked.status_date >= spell.start_date
            and asked.status_date <= coalesce(spell.end_date, date 'infinity')
    inner join ref_eet_precedence
        on
            spell.source_code = ref_eet_precedence.source_code
            and asked.status_date >= coalesce(ref_eet_precedence.valid_from, date '-infinity')
            and asked.status_date <= coalesce(ref_eet_precedence.valid_to, date 'infinity')

),

witness as (

    select
        person_key,
        status_date,
        source_code,
        count(*) filter (where is_eet)::integer as placements,
        sum(hours_offered) filter (where is_eet)::numeric(6, 2) as hours_offered,
        sum(hours_attended) filter (where is_eet)::numeric(6, 2) as hours_attended,
        coalesce(bool_and(suitability_code = 'SUITABLE') filter (where is_eet), false) as is_every_placement_suitable,
        coalesce(bool_or(suitability_code = 'UNSUITABLE') filter (where is_eet), false)
            as is_any_placement_unsuitable,
        coalesce(bool_and(suitability_code <> 'UNKNOWN') filter (where is_eet), false) as is_suitability_known,
        row_number() over (
            partition by person_key, status_date
            order by min(precedence_on_day), source_code
        ) as witness_number,
        bool_or(is_eet) as has_placement
    from covering
    group by person_key, status_date, source_code

),

disagreement as (

    select
        person_key,
        status_date,
        bool_or(has_placement) and not bool_and(has_placement) as witnesses_disagree
    from witness
    group by person_key, status_date

),

main_placement as (

    select
        person_key,
        status_date,
        source_code,
        provision_type_code,
        row_number() over (
            partition by person_key, status_date, source_code
            order by hours_attended desc nulls last, start_date asc, spell_number asc, provision_type_code asc
        ) as placement_number
    from covering
    where is_eet

),

final as (

    select
        asked.person_key,
        asked.status_date,
        {{ is_school_age('asked.status_date', 'asked.date_of_birth') }} as is_school_age,
        asked.is_series_break,
        coalesce(witness.source_code, 'NOT_KNOWN') as source_code,
        witness.source_code is not null as has_record,
        coalesce(witness.placements, 0) as placements,
        case
            when witness.source_code is null then 'NOT_KNOWN'
            else coalesce(main_placement.provision_type_code, 'NONE')
        end as provision_type_code,
        witness.hours_offered,
        witness.hours_attended,
        case when witness.has_placement then attendance_month.hours_estimated end as hours_estimated,
        coalesce(witness.is_every_placement_suitable, false) as is_every_placement_suitable,
        coalesce(witness.is_any_placement_unsuitable, false) as is_any_placement_unsuitable,
        coalesce(witness.is_suitability_known, false) as is_suitability_known,
        coalesce(disagreement.witnesses_disagree, false) as witnesses_disagree
    from asked
    left join witness
        on
            asked.person_key = witness.person_key
            and asked.status_date = witness.status_date
            and witness.witness_number = 1
    left join main_placement
        on
            witness.person_key = main_placement.person_key
            and witness.status_date = main_placement.status_date
            and witness.source_code = main_placement.source_code
            and main_placement.placement_number = 1
    left join disagreement
        on
            asked.person_key = disagreement.person_key
            and asked.status_date = disagreement.status_date
    left join attendance_month
        on
            asked.person_key = attendance_month.person_key
            and attendance_month.month_start = date_trunc('month', asked.status_date)::date

)

select * from final
