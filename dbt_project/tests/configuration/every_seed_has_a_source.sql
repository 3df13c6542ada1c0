-- A code list whose source nobody wrote down.
{{ config(severity='error') }}
{% for node in graph.nodes.values() if node.resource_type == 'seed' %}
    select '{{ node.name }}' as seed
    where '{{ node.name }}' not in (select seed from {{ ref('code_list_source') }})
    {{ 'union all' if not loop.last }}
{% endfor %}
