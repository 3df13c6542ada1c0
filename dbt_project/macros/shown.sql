{# How figures are shown: small numbers as c, rates rounded half up from numeric. domain: one setting, yos:small_number. #}

{# True for a count from 1 to one below the setting. #}
{% macro is_small(count) -%}
    coalesce({{ count }} > 0 and {{ count }} < {{ var('yos:small_number') }}, false)
{%- endmacro %}

{# A count as text; c when hidden. #}
{% macro shown_count(count, is_hidden) -%}
    case when {{ is_hidden }} then 'c' else to_char({{ count }}, 'FM999,999,990') end
{%- endmacro %}
