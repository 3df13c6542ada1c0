{#
    The one date of a build, and the slice of history known by the end of it.
    Only staging, identity and its links look at recorded_from, recorded_to, since and until.
#}

{#
    The as-at date as a SQL literal. It is data of the session (yos.as_at, see build/dbt.py) and no variable
    of the command line: a changed variable makes dbt parse the whole project anew. Unit tests override the
    variable. Fails when a model is run without either.
#}
{% macro as_at_date() -%}
    {%- set day = var('yos:as_at') -%}
    {%- if execute and not day -%}
        {%- set day = run_query("select nullif(current_setting('yos.as_at', true), '')::date").rows[0][0] -%}
        {%- if not day -%}
            {{ exceptions.raise_compiler_error("give the as-at date: PGOPTIONS='-c yos.as_at=2026-03-31' dbt ...") }}
        {%- endif -%}
    {%- endif -%}
    date '{{ day or "2026-03-31" }}'
{%- endmacro %}

{# The first moment after the as-at day, in the service's time zone. #}
{% macro as_at_end() -%}
    (({{ as_at_date() }} + 1)::timestamp at time zone 'Europe/London')
{%- endmacro %}

{# One version of each record of a raw table: as recorded by the end of the as-at day, for one service. #}
{% macro as_at_slice(relation) -%}
    {%- set end = as_at_end() -%}
    (
        select *
        from {{ relation }}
        where
            service_code = '{{ var("yos:service") }}'
            and recorded_from < {{ end }}
            and (recorded_to is null or recorded_to >= {{ end }})
    )
{%- endmacro %}

{# All versions of the records of a raw table that were known at the end of some day up to the as-at day. #}
{% macro ever_recorded(relation) -%}
    (
        select *
        from {{ relation }}
        where
            service_code = '{{ var("yos:service") }}'
            and recorded_from < {{ as_at_end() }}
            and recorded_to is distinct from recorded_from
    )
{%- endmacro %}
