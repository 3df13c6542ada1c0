{#
    Where the child of each event lived on its day: of several address spells of the day the one that began last.
    events: a CTE with person_key; id: its column that names an event; day: its column with the day. Reads the CTE
    residence.
#}
{% macro living_at(events, id, day) -%}
    select distinct on ({{ events }}.{{ id }})
        {{ events }}.{{ id }},
        residence.geography_key,
        residence.is_local
    from {{ events }}
    inner join residence
        on
            {{ events }}.person_key = residence.person_key
            and {{ events }}.{{ day }} >= residence.start_date
            and {{ events }}.{{ day }} <= coalesce(residence.end_date, date 'infinity')
    order by {{ events }}.{{ id }} asc, residence.start_date desc, residence.record_id asc
{%- endmacro %}
