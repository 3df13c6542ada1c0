-- Every day of the calendar, with the bank holidays of England and a running count of working days.
-- Working days after a up to and including b = working_day_number of b less that of a.
with

days as (

    select series.day::date as date_key
    from
        generate_series(
            date '{{ var("yos:calendar_start") }}', date '{{ var("yos:calendar_end") }}', interval '1 day'
        ) as series (day)

),

bank_holiday as (

    select * from {{ ref('ref_bank_holiday') }}

),

flagged as (

    select
        days.date_key,
        bank_holiday.holiday_name,
        date_part('isodow', days.date_key) in (6, 7) as is_weekend,
        bank_holiday.holiday_date is not null as is_bank_holiday
    from days
    left join bank_holiday on days.date_key = bank_holiday.holiday_date

),

final as (

    select
        date_key,
        is_weekend,
        is_bank_holiday,
        holiday_name,
        not is_weekend and not is_bank_holiday as is_working_day,
        (count(*) filter (where not is_weekend and not is_bank_holiday) over (order by date_key))::integer
            as working_day_number
    from flagged

)

select * from final
