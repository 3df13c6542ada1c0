{#
    The one date of a build, and the slice of history known by the end of it.
    Only staging, identity and its links look at recorded_from, recorded_to, since and until.
#}

{# The as-at date as a SQL literal. Fails when a model is run without it. #}
{% macro as_at_date() -%}
    {%- if execute and flags.WHICH not in ['parse', 'list', 'ls', 'seed', 'docs'] and not var('yos:as_at') -%}
        {{ exceptions.raise_compiler_error("give the as-at date: --vars '{\"yos:as_at\": \"2026-03-31\"}'") }}
    {%- endif -%}
    date '{{ var("yos:as_at", none) or "2026-03-31" }}'
{%- endmacro %}

{# The first moment after the as-at day, in the service's time zone. #}
{% macro as_at_end() -%}
    (({{ as_at_date() }} + 1)::timestamp at time zone 'Europe/London')
{%- endmacro %}

{# One version of each record of a raw table: as recorded by the end of the as-at day, for one service. #}
{% macro as_at_slice(relation) -%}
    (
        select *
        from {{ relation }}
        where
            service_code = '{{ var("yos:service") }}'
            and recorded_from < {{ as_at_end() }}
            and (recorded_to is null or recorded_to >= {{ as_at_end() }})
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
