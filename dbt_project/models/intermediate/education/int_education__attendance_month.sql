-- Attendance of a child by month, and the hours a week it stands for: a full week is ten sessions of two and a half
-- hours, so that all possible sessions attended are 25 hours.
with

attendance_day as (

    select * from {{ ref('int_education__attendance_day') }}

),

ref_series_break as (

    select * from {{ ref('ref_series_break') }}

),

summed as (

    select
        service_code,
        person_key,
        date_trunc('month', mark_date)::date as month_start,
        sum(sessions_possible)::integer as sessions_possible,
        sum(sessions_attended)::integer as sessions_attended,
        sum(sessions_late)::integer as sessions_late,
        sum(sessions_authorised)::integer as sessions_authorised,
        sum(sessions_unauthorised)::integer as sessions_unauthorised,
        sum(sessions_unable)::integer as sessions_unable,
        sum(sessions_not_counted)::integer as sessions_not_counted,
        sum(sessions_part_time)::integer as sessions_part_time,
        sum(sessions_detained)::integer as sessions_detained,
        sum(sessions_unmapped)::integer as sessions_unmapped
    from attendance_day
    group by service_code, person_key, date_trunc('month', mark_date)

),

broken as (

    select distinct summed.month_start
    from summed
    inner join ref_series_break
        on
            summed.month_start + interval '1 month' > ref_series_break.first_day
            and summed.month_start <= ref_series_break.last_day
            and ref_series_break.subject_code = 'EDUCATION'

),

final as (

    select
        summed.*,
        (25.0 * summed.sessions_attended / nullif(summed.sessions_possible, 0))::numeric(5, 2) as hours_estimated,
        broken.month_start is not null as is_series_break
    from summed
    left join broken on summed.month_start = broken.month_start

)

select * from final
