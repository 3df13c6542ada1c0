-- School attendance of children by month.
with

attendance_month as (

    select * from {{ ref('int_education__attendance_month') }}

),

final as (

    select
        person_key,
        month_start,
        sessions_possible,
        sessions_attended,
        sessions_late,
        sessions_authorised,
        sessions_unauthorised,
        sessions_unable,
        sessions_not_counted,
        sessions_part_time,
        sessions_detained,
        sessions_unmapped,
        hours_estimated,
        is_series_break,
        service_code
    from attendance_month
    where month_start between date '{{ var("yos:calendar_start") }}' and date '{{ var("yos:calendar_end") }}'

)

select * from final
