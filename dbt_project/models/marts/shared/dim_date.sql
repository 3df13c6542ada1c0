-- Every day of the calendar once, without a gap, so that BI tools may mark it as their date table.
with

calendar as (

    select * from {{ ref('int_reference__calendar') }}

),

numbered as (

    select
        date_key,
        is_weekend,
        is_bank_holiday,
        is_working_day,
        working_day_number,
        date_part('year', date_key)::integer as calendar_year,
        date_part('quarter', date_key)::integer as calendar_quarter,
        date_part('month', date_key)::integer as calendar_month,
        date_part('isodow', date_key)::integer as day_of_week,
        date_part('year', date_key - interval '3 months')::integer as financial_year_start,
        date_part('quarter', date_key - interval '3 months')::integer as financial_quarter,
        date_part('month', date_key - interval '3 months')::integer as financial_month,
        date_part('year', date_key - interval '8 months')::integer as academic_year_start
    from calendar

),

final as (

    select
        date_key,
        calendar_year,
        calendar_quarter,
        calendar_month,
        to_char(date_key, 'FMMonth') as month_name,
        to_char(date_key, 'YYYY-MM') as year_month,
        day_of_week,
        to_char(date_key, 'FMDay') as day_name,
        is_weekend,
        financial_year_start,
        {{ financial_year('date_key') }} as financial_year,
        financial_quarter,
        {{ financial_year('date_key') }} || ' Q' || financial_quarter as financial_quarter_name,
        financial_month,
        academic_year_start,
        academic_year_start::text || '/' || right((academic_year_start + 1)::text, 2) as academic_year,
        is_bank_holiday,
        is_working_day,
        working_day_number
    from numbered

)

select * from final
