{# Rules of education, employment and training that several models share. #}

{# Up to the last Friday in June of the school year of the 16th birthday; without a date of birth the higher demand holds. #}
{% macro is_school_age(day, date_of_birth) -%}
    coalesce({{ day }} <= {{ school_age_end(date_of_birth) }}, true)
{%- endmacro %}

{# Hours a week in the bands of the case-level return. #}
{% macro hours_band(hours) -%}
    case
        when {{ hours }} is null then 'NOT_KNOWN'
        when {{ hours }} = 0 then '0'
        when {{ hours }} < 16 then '1_15'
        when {{ hours }} < 25 then '16_24'
        else '25_PLUS'
    end
{%- endmacro %}
