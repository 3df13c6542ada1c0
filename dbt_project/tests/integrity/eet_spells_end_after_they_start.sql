-- Spells of education, employment or training that end before they start: they are no spells.
{% for witness in ['case_system', 'school', 'participation'] -%}
    select record_id
    from {{ ref('int_education__spell_' ~ witness) }}
    where end_date < start_date
    {% if not loop.last -%}
        union all
    {% endif -%}
{% endfor %}
