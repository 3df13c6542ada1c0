{#
    How figures are shown. One setting, yos:small_number (5): a count from 1 to 4 is shown as c, and with it any
    rate that would give it away: of a hidden count, of a hidden remainder, or of fewer than twice the setting.
    Zero is a true zero and shown. Rates are rounded half up, once, from numeric.
#}

{# True for a count from 1 to one below the setting. #}
{% macro is_small(count) -%}
    coalesce({{ count }} > 0 and {{ count }} < {{ var('yos:small_number') }}, false)
{%- endmacro %}

{# True when the rate of the two counts must not be shown. is_part: the numerator is a part of the denominator. #}
{% macro is_rate_hidden(numerator, denominator, is_part) -%}
    (
        {{ is_small(numerator) }}
        or {{ is_small(denominator) }}
        or coalesce({{ denominator }} > 0 and {{ denominator }} < 2 * {{ var('yos:small_number') }}, false)
        or ({{ is_part }} and {{ is_small('(' ~ denominator ~ ' - ' ~ numerator ~ ')') }})
    )
{%- endmacro %}

{# A count as text; c when hidden. #}
{% macro shown_count(count, is_hidden) -%}
    case when {{ is_hidden }} then 'c' else to_char({{ count }}, 'FM999,999,990') end
{%- endmacro %}

{# A value as text with its decimals; c when hidden. #}
{% macro shown_value(value, decimals, is_hidden) -%}
    case
        when {{ is_hidden }} then 'c'
        when {{ value }} is not null then round({{ value }}, {{ decimals }})::text
    end
{%- endmacro %}

{# Better or worse, and by how much: from the unrounded change and the sign of what is good (1 or -1). #}
{% macro change_words(change, good_sign, decimals, unit) -%}
    case
        when {{ change }} is null then 'nothing to compare with'
        when round({{ change }}, {{ decimals }}) = 0 then 'no change'
        else
            case when {{ change }} * {{ good_sign }} > 0 then 'improved by ' else 'worsened by ' end
            || round(abs({{ change }}), {{ decimals }})
            || case {{ unit }} when 'pct' then ' percentage points' else '' end
    end
{%- endmacro %}

{# The target in words; null without one. #}
{% macro target_words(target, is_strict, unit, confidence) -%}
    case when {{ is_strict }} then 'below ' else '' end
    || trim_scale({{ target }})::text
    || case {{ unit }} when 'pct' then '%' else '' end
    || case when {{ confidence }} = 'INFERRED' then ' (inferred)' else '' end
{%- endmacro %}

{# Whether a value meets its target; is_strict: to be as good as the target is not enough. #}
{% macro against_target(value, target, is_strict, good_sign) -%}
    case
        when {{ is_strict }} and {{ value }} = {{ target }} then 'misses the target'
        when ({{ value }} - {{ target }}) * {{ good_sign }} >= 0 then 'meets the target'
        else 'misses the target'
    end
{%- endmacro %}
