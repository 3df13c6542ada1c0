{# How staging reads the text of raw. The same functions judge at the door, so what passed there is read here. #}

{% macro read_text(column) -%} nullif(btrim({{ column }}), '') {%- endmacro %}

{# A code is one word: words in its place may be anybody's name and must not reach the marts (rule CODE_FORM). #}
{% macro read_code(column) -%}
    case when length(btrim({{ column }})) between 1 and 80 and btrim({{ column }}) !~ '\s' then upper(btrim({{ column }})) end
{%- endmacro %}

{# 1900-01-01 is how several systems write "no date". #}
{% macro read_date(column) -%} nullif(ref.parse_date(btrim({{ column }})), date '1900-01-01') {%- endmacro %}

{# A word of a partner's own list, in capitals; it may have blanks and is looked up before anything shows it. #}
{% macro read_word(column) -%} upper({{ read_text(column) }}) {%- endmacro %}

{# A number of a version (10, 1.2, v3) as text; words in its place may be anybody's name. #}
{% macro read_version(column) -%}
    case
        when {{ read_text(column) }} is null then '1'
        when btrim({{ column }}) ~* '^v?\d{1,6}(\.\d{1,4})?$' then ltrim(btrim({{ column }}), 'vV')
        else 'NOT_KNOWN'
    end
{%- endmacro %}

{# A financial year of the calendar, 2025/26, else NOT_KNOWN. A list, because millions of lines are looked up and not parsed. #}
{% macro read_financial_year(column) -%}
    case
        when btrim({{ column }}) in (
            {%- for year in range(var('yos:calendar_start')[:4] | int - 1, var('yos:calendar_end')[:4] | int + 1) -%}
                '{{ year }}/{{ '%02d' % ((year + 1) % 100) }}'{{ '' if loop.last else ', ' }}
            {%- endfor -%}
        ) then btrim({{ column }})
        else 'NOT_KNOWN'
    end
{%- endmacro %}

{# A whole number, as long as PostgreSQL can hold it. #}
{% macro read_integer(column) -%}
    case
        when btrim({{ column }}) ~ '^-?\d{1,9}$' then btrim({{ column }})::integer
        when abs(ref.parse_number(btrim({{ column }}))) < 2000000000 then ref.parse_number(btrim({{ column }}))
    end::integer
{%- endmacro %}

{# A number of up to six digits before the point; a longer one is none, or one typing error would stop the night. #}
{% macro read_decimal(column) -%}
    case
        when abs(ref.parse_number(btrim({{ column }}))) < 999999.99 then ref.parse_number(btrim({{ column }}))
    end::numeric(8, 2)
{%- endmacro %}

{% macro read_money(column) -%} ref.parse_money(btrim({{ column }}))::numeric(14, 2) {%- endmacro %}

{# Pounds from a number of thousands; at most nine digits before the point, as the door reads it. #}
{% macro read_thousand(column) -%}
    case
        when abs(ref.parse_number(btrim({{ column }}))) < 1000000000 then ref.parse_number(btrim({{ column }})) * 1000
    end::numeric(14, 2)
{%- endmacro %}

{% macro read_boolean(column) -%} ref.parse_boolean(btrim({{ column }})) {%- endmacro %}

{# Hours a week: outside 0 to 60 (999, hours a month) they are not known. #}
{% macro read_hours(column) -%}
    case when ref.parse_number(btrim({{ column }})) between 0 and 60 then ref.parse_number(btrim({{ column }})) end::numeric(5, 2)
{%- endmacro %}

{# PNC id in its canonical form, or null when its check letter does not fit. #}
{% macro read_pnc(column) -%} ref.canonical_pnc(btrim({{ column }})) {%- endmacro %}

{# UPN, or null when it is none. #}
{% macro read_upn(column) -%}
    case when ref.is_valid_upn(upper(btrim({{ column }}))) then upper(btrim({{ column }})) end
{%- endmacro %}

{# Unique learner number, or null when its check digit does not fit; 9999999999 stands for none. #}
{% macro read_uln(column) -%}
    case
        when btrim({{ column }}) ~ '^\d{10}$' and btrim({{ column }}) <> '9999999999' then
            (
                select case when checks.remainder > 0 and right(btrim({{ column }}), 1)::int = 10 - checks.remainder then btrim({{ column }}) end
                from (
                    select sum(substr(btrim({{ column }}), place, 1)::int * (11 - place)) % 11 as remainder
                    from generate_series(1, 9) as place
                ) as checks
            )
    end
{%- endmacro %}

{# Arrest summons number: capitals and digits only, so that 26/00AA/01/1K meets 2600AA011K. #}
{% macro read_asn(column) -%}
    nullif(regexp_replace(upper({{ column }}), '[^A-Z0-9]', '', 'g'), '')
{%- endmacro %}

{#
    A name for comparing: capitals, common accents off, apostrophes gone, anything else one space.
    O'Neill, ONEILL and O’Neill meet; Smith-Jones meets Smith Jones.
#}
{% macro read_name(column) -%}
    nullif(btrim(regexp_replace(
        regexp_replace(
            translate(
                replace(replace(replace(upper({{ column }}), 'ß', 'SS'), 'Æ', 'AE'), 'Œ', 'OE'),
                'ÀÁÂÃÄÅĀĂĄÇĆČĈĊĎĐÈÉÊËĒĔĖĘĚĜĞĠĢĤĦÌÍÎÏĨĪĬĮİĴĶĹĻĽŁÑŃŅŇÒÓÔÕÖØŌŎŐŔŖŘŚŜŞŠȘŢŤŦȚÙÚÛÜŨŪŬŮŰŲŴÝŶŸŹŻŽ',
                'AAAAAAAAACCCCCDDEEEEEEEEEGGGGHHIIIIIIIIIJKLLLLNNNNOOOOOOOOORRRSSSSSTTTTUUUUUUUUUUWYYYZZZ'
            ),
            '[''’‘`´]', '', 'g'
        ),
        '[^A-Z]+', ' ', 'g'
    )), '')
{%- endmacro %}
