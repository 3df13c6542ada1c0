-- Do the hours recorded for the end of an order fit the attendance that schools marked in that month?
select
    dim_date.financial_year,
    fct_eet_at_order_end.hours_band_code,
    count(*) as order_ends,
    count(fct_attendance_month.hours_estimated) as with_marks,
    round(avg(fct_eet_at_order_end.hours_attended), 1)::numeric(5, 1) as hours_recorded,
    round(avg(fct_attendance_month.hours_estimated), 1)::numeric(5, 1) as hours_estimated,
    sum(fct_attendance_month.sessions_part_time) as sessions_part_time
from marts.fct_eet_at_order_end
inner join marts.dim_date on fct_eet_at_order_end.order_end_date = dim_date.date_key
left join marts.fct_attendance_month
    on fct_eet_at_order_end.person_key = fct_attendance_month.person_key
        and date_trunc('month', fct_eet_at_order_end.order_end_date)::date = fct_attendance_month.month_start
where fct_eet_at_order_end.is_counted
group by dim_date.financial_year, fct_eet_at_order_end.hours_band_code
order by dim_date.financial_year, fct_eet_at_order_end.hours_band_code
