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
