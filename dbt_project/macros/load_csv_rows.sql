{#
    dbt's own macro calls another macro for every cell: 30 s for the offence codes. This one renders one
    row of placeholders and repeats it: 2 s. dbt picks it up by its name (dispatch of load_csv_rows).
#}
{% macro postgres__load_csv_rows(model, agate_table) %}
    {% set columns = get_seed_column_quoted_csv(model, agate_table.column_names) %}
    {% set placeholders = '(' ~ (['%s'] * (agate_table.column_names | length)) | join(',') ~ ')' %}
    {% set statements = [] %}
    {% for chunk in agate_table.rows | batch(5000) %}
        {% set bindings = [] %}
        {% for row in chunk %}
            {% do bindings.extend(row) %}
        {% endfor %}
        {% set sql -%}
            insert into {{ this.render() }} ({{ columns }}) values
            {{ ([placeholders] * (chunk | length)) | join(',') }}
        {%- endset %}
        {% do adapter.add_query(sql, bindings=bindings, abridge_sql_log=True) %}
        {% if loop.first %}
            {% do statements.append('insert into ' ~ this.render() ~ ' (' ~ columns ~ ') values ...') %}
        {% endif %}
    {% endfor %}
    {{ return(statements[0] if statements else '') }}
{% endmacro %}
