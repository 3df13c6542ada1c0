{# The generic tests of this project beside dbt's own four. A test returns the rows that break its rule. #}

{# No two rows have the same values in all of the columns. #}
{% test unique_combination(model, columns) %}
select {{ columns | join(', ') }}
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1
{% endtest %}

{# The SQL expression is true of every row; a row of which it is null breaks the rule. #}
{% test expression(model, expression) %}
select 1 as broken
from {{ model }}
where ({{ expression }}) is not true
{% endtest %}

{# No two spells of the same owner share a day. An open end lasts for ever. #}
{% test not_overlapping(model, owner, start, end) %}
select later.{{ owner }}
from {{ model }} as later
inner join {{ model }} as earlier
    on
        later.{{ owner }} = earlier.{{ owner }}
        and later.ctid > earlier.ctid
        and later.{{ start }} <= coalesce(earlier.{{ end }}, date 'infinity')
        and earlier.{{ start }} <= coalesce(later.{{ end }}, date 'infinity')
{% endtest %}
