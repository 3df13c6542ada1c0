{# Finance: how codes of a partner become codes of a list, which version of a thing is the newest, and the two forecasts. #}

{# The word when it is one of the list, else NOT_KNOWN: a word that nobody knows may be anybody's name. #}
{% macro one_of(word, known) -%}
    case when {{ word }} in ('{{ known | join("', '") }}') then {{ word }} else 'NOT_KNOWN' end
{%- endmacro %}

{# The order of versions, for a descending order: 10 after 9, 1.10 after 1.9; what is no number comes first. #}
{% macro version_order(version) -%}
    case when {{ version }} ~ '^\d{1,6}(\.\d{1,4})?$' then string_to_array({{ version }}, '.')::integer [] else '{}'::integer [] end
{%- endmacro %}

{#
    The two forecasts of a year's money. Each is arithmetic on what was spent so far, none is a prediction. Pounds with
    all their decimals (numeric): rounded by who shows them. Null where there is nothing to go by.
#}

{# As much each month as so far: spent / months * 12. #}
{% macro straight_line(spent, months) -%}
    12 * {{ spent }} / nullif({{ months }}, 0)
{%- endmacro %}

{#
    As if this year had by now the share of its total that last year had at the same point: spent / (last year by then
    / last year). Without a last year, or with a share of nothing or less, there is none.
#}
{% macro last_year_profile(spent, last_year_by_then, last_year_total) -%}
    case
        when {{ last_year_by_then }} / nullif({{ last_year_total }}, 0) > 0
            then {{ spent }} * {{ last_year_total }} / {{ last_year_by_then }}
    end
{%- endmacro %}
