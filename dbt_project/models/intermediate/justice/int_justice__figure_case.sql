-- The cases every local figure of children is added up from: who is in, who is out and for which reason.
with

final as (

    {% for subject in [
        'justice__case_reoffending', 'justice__case_entrant', 'justice__case_custody', 'justice__case_remand',
        'justice__case_panel', 'justice__case_violence', 'education__case_order_end', 'education__case_kpi'
    ] -%}
        select * from {{ ref('int_' ~ subject) }}
        {% if not loop.last -%}
            union all
        {% endif -%}
    {%- endfor %}
)

select * from final
