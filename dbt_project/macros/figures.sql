{#
    One end of the Wilson score interval (95 %) of a share in per cent; '-' the lower, '+' the upper. Null without
    a denominator. For the small cohorts of one service: one child is two or three points.
#}
{% macro wilson_limit(numerator, denominator, sign) -%}
    case when {{ denominator }} > 0 then round(
        100 * (
            {{ numerator }} / {{ denominator }} + 1.96 ^ 2 / (2 * {{ denominator }})
            {{ sign }} 1.96 * sqrt(
                {{ numerator }} / {{ denominator }} * (1 - {{ numerator }} / {{ denominator }}) / {{ denominator }}
                + 1.96 ^ 2 / (4 * {{ denominator }} ^ 2)
            )
        ) / (1 + 1.96 ^ 2 / {{ denominator }}), 6
    ) end
{%- endmacro %}

{# Why a case that is not counted is out: residence before age, as in the cohorts. #}
{% macro reason_out(is_counted, residence_code, age) -%}
    case
        when {{ is_counted }} then 'IN'
        when {{ residence_code }} = 'OTHER' then 'LIVING_ELSEWHERE'
        when {{ age }} is null then 'AGE_NOT_KNOWN'
        else 'AGE'
    end
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

{# As many hours a week as full time takes by the national definitions: 16 above school age, whatever the service decided. #}
{% macro is_full_time(hours, is_school_age) -%}
    coalesce({{ hours }} >= case when {{ is_school_age }} then {{ var('yos:school_age_hours') }} else 16 end, false)
{%- endmacro %}
