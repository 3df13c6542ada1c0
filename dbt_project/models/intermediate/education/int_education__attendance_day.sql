-- Sessions of a child's school day by what their marks say: one mark for each half day, read by the code list of the
-- day. A code that was not valid on the day counts as nothing but sessions_unmapped.
with

attendance_mark as (

    select * from {{ ref('stg_education__attendance_mark') }}

),

pupil_number as (

    select * from {{ ref('int_education__pupil_number') }}

),

code_attendance as (

    select * from {{ ref('code_attendance') }}

),

mark as (

    select
        attendance_mark.service_code,
        pupil_number.person_key,
        attendance_mark.mark_date,
        attendance_mark.session,
        attendance_mark.attendance_code,
        code_attendance.attendance_group,
        code_attendance.is_possible,
        code_attendance.attendance_group in ('PRESENT', 'APPROVED_ACTIVITY') as is_attended
    from attendance_mark
    inner join pupil_number on attendance_mark.upn = pupil_number.upn
    left join code_attendance
        on
            attendance_mark.attendance_code = code_attendance.code
            and {{ is_valid_on('code_attendance', 'attendance_mark.mark_date') }}

),

-- two schools, or two numbers, may tell of one half day: where the child was, it was
half_day as (

    select distinct on (person_key, mark_date, session) *
    from mark
    order by person_key asc, mark_date asc, session asc, is_attended desc nulls last, attendance_code asc

),

final as (

    select
        min(service_code) as service_code,
        person_key,
        mark_date,
        (count(*) filter (where is_possible))::integer as sessions_possible,
        (count(*) filter (where is_attended))::integer as sessions_attended,
        (count(*) filter (where attendance_code = 'L' and is_attended))::integer as sessions_late,
        (count(*) filter (where attendance_group = 'AUTHORISED'))::integer as sessions_authorised,
        (count(*) filter (where attendance_group = 'UNAUTHORISED'))::integer as sessions_unauthorised,
        (count(*) filter (where attendance_group = 'UNABLE'))::integer as sessions_unable,
        (count(*) filter (where attendance_group = 'NOT_COUNTED'))::integer as sessions_not_counted,
        (count(*) filter (where attendance_code = 'C2' and is_possible))::integer as sessions_part_time,
        (count(*) filter (where attendance_code = 'Y5' and attendance_group = 'UNABLE'))::integer as sessions_detained,
        (count(*) filter (where attendance_group is null))::integer as sessions_unmapped
    from half_day
    -- in the order of the half days, so that nothing is sorted again
    group by person_key, mark_date

)

select * from final
