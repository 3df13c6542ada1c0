{# Dates and ages as the law and the year of a service count them. #}

{# Completed years on the day; born on 29 February turns a year older on 1 March of other years. #}
{% macro completed_years(day, date_of_birth) -%}
    date_part('year', age({{ day }}, {{ date_of_birth }}))::integer
{%- endmacro %}

{# 2025/26 for any day from 1 April 2025 to 31 March 2026. #}
{% macro financial_year(day) -%}
    (date_part('year', {{ day }} - interval '3 months')::integer)::text
    || '/' || right((date_part('year', {{ day }} - interval '3 months')::integer + 1)::text, 2)
{%- endmacro %}

{# First day of the financial year of a day. #}
{% macro financial_year_start(day) -%}
    make_date(date_part('year', {{ day }} - interval '3 months')::integer, 4, 1)
{%- endmacro %}

{# How many months of the as-at day's financial year are over by the end of it: 0 in the first April, 12 on 31 March. #}
{% macro as_at_period() -%}
    (
        12 * date_part('year', {{ as_at_date() }} + 1) + date_part('month', {{ as_at_date() }} + 1)
        - 12 * date_part('year', {{ financial_year_start(as_at_date()) }}) - 4
    )::integer
{%- endmacro %}

{# A year before that of the as-at day. #}
{% macro is_year_over(year) -%}
    ({{ year }} < {{ financial_year(as_at_date()) }})
{%- endmacro %}

{# A period "to date": months of the running year that are over; of a year that is over all fourteen. #}
{% macro is_to_date(year, period) -%}
    (
        {{ is_year_over(year) }}
        or ({{ year }} = {{ financial_year(as_at_date()) }} and {{ period }} <= {{ as_at_period() }})
    )
{%- endmacro %}

{# Last Friday in June of the school year (from 1 September) in which the child turns 16: end of school age. #}
{% macro school_age_end(date_of_birth) -%}
    (
        make_date(date_part('year', {{ date_of_birth }} + interval '16 years 4 months')::integer, 6, 30)
        - (date_part('isodow', make_date(
            date_part('year', {{ date_of_birth }} + interval '16 years 4 months')::integer, 6, 30
        ))::integer + 2) % 7
    )
{%- endmacro %}

{# Whether a row of a list (valid_from, valid_to, either may be empty) holds on the day. #}
{% macro is_valid_on(list, day) -%}
    {{ day }} >= coalesce({{ list }}.valid_from, date '-infinity')
    and {{ day }} <= coalesce({{ list }}.valid_to, date 'infinity')
{%- endmacro %}

{# Up to that Friday; without a date of birth the higher demand, that of school age, holds. #}
{% macro is_school_age(day, date_of_birth) -%}
    coalesce({{ day }} <= {{ school_age_end(date_of_birth) }}, true)
{%- endmacro %}

{# The day, or null when it lies outside the calendar (dim_date): what happened then is kept without its day. #}
{% macro calendar_day(day) -%}
    case when {{ day }} between date '{{ var("yos:calendar_start") }}' and date '{{ var("yos:calendar_end") }}' then {{ day }} end
{%- endmacro %}

{# Key of a period of the ledger: 202501 is April 2025, 202514 the second adjustment of 2025/26; -1 not known. #}
{% macro financial_period_key(financial_year, period) -%}
    case
        when {{ financial_year }} <> 'NOT_KNOWN' and {{ period }} between 1 and 14
            then left({{ financial_year }}, 4)::integer * 100 + {{ period }}
        else -1
    end
{%- endmacro %}

{# Last day of a period of the ledger; adjustments belong to 31 March. Null when the period is not known. #}
{% macro financial_period_end(financial_year, period) -%}
    case
        when {{ financial_year }} <> 'NOT_KNOWN' and {{ period }} between 1 and 14 then
            (make_date(left({{ financial_year }}, 4)::integer, 4, 1) + make_interval(months => least({{ period }}, 12)))::date - 1
    end
{%- endmacro %}
