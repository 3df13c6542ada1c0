-- The cases every local figure of children is added up from: who is in, who is out and for which reason.
with

final as (

    {% for subject in ['reoffending', 'entrant', 'custody', 'remand', 'panel', 'violence'] -%}
        select * from {{ ref('int_justice__case_' ~ subject) }}
        {% if not loop.last -%}
            union all
        {% endif -%}
    {%- endfor %}
)

select * from final
