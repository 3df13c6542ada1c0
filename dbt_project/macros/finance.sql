{# Finance: how codes of a partner become codes of a list, and which version of a thing is the newest. #}

{# The word when it is one of the list, else NOT_KNOWN: a word that nobody knows may be anybody's name. #}
{% macro one_of(word, known) -%}
    case when {{ word }} in ('{{ known | join("', '") }}') then {{ word }} else 'NOT_KNOWN' end
{%- endmacro %}

{# The order of versions, for a descending order: 10 after 9, 1.10 after 1.9; what is no number comes first. #}
{% macro version_order(version) -%}
    case when {{ version }} ~ '^\d{1,6}(\.\d{1,4})?$' then string_to_array({{ version }}, '.')::integer [] else '{}'::integer [] end
{%- endmacro %}
