{# How staging reads the text of raw. The same functions judge at the door, so what passed there is read here. #}

{% macro read_text(column) -%} nullif(btrim({{ column }}), '') {%- endmacro %}

{# A code is one word: words in its place may be anybody's name and must not reach the marts (rule CODE_FORM). #}
{% macro read_code(column) -%}
    case when length(btrim({{ column }})) between 1 and 80 and btrim({{ column }}) !~ '\s' then upper(btrim({{ column }})) end
{%- endmacro %}

{# Sex as the police write it, whoever sends it: 1 male, 2 female; any other code of code_sex says nothing. #}
{% macro read_sex(column) -%}
    case when upper(btrim({{ column }})) in ('1', 'M') then '1' when upper(btrim({{ column }})) in ('2', 'F') then '2' end
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

{#
    PNC id in its canonical form, or null when its check letter does not fit; a serial of zeros stands for none, though
    its letter fits.
#}
{% macro read_pnc(column) -%}
    substring(ref.canonical_pnc(btrim({{ column }})) from '^\d{4}/(?!0{7}).*$')
{%- endmacro %}

{# UPN, or null when it is none; twelve zeros stand for none, though their letter fits. #}
{% macro read_upn(column) -%}
    case
        when ref.is_valid_upn(upper(btrim({{ column }}))) and substr(btrim({{ column }}), 2) <> '000000000000'
            then upper(btrim({{ column }}))
    end
{%- endmacro %}

{# Unique learner number, or null when its check digit does not fit; 9999999999 and zeros stand for none. #}
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

{#
    NHS number without its spaces, or null when its check digit does not fit (weights 10 to 2, mod 11); one digit ten
    times over stands for none, though it may fit.
#}
{% macro read_nhs(column) -%}
    case
        when
            translate({{ column }}, ' -', '') ~ '^\d{10}$'
            and translate({{ column }}, ' -', '') !~ '^(\d)\1{9}$'
            then
            (
                select case when right(checks.digits, 1)::int = (11 - checks.remainder) % 11 then checks.digits end
                from (
                    select
                        translate({{ column }}, ' -', '') as digits,
                        sum(substr(translate({{ column }}, ' -', ''), place, 1)::int * (11 - place)) % 11 as remainder
                    from generate_series(1, 9) as place
                ) as checks
            )
    end
{%- endmacro %}

{# Postcode in capitals with one space before its last three characters, or null when it has not the form of one. #}
{% macro read_postcode(column) -%}
    regexp_replace(
        substring(
            upper(regexp_replace({{ column }}, '\s', '', 'g')) from '^[A-Z]{1,2}\d[A-Z0-9]?\d[A-Z]{2}$'
        ),
        '(...)$', ' \1'
    )
{%- endmacro %}

{# First line of an address for comparing: capitals, anything but letters and digits one space; no fixed abode is none. #}
{% macro read_street(column) -%}
    nullif(nullif(nullif(
        btrim(regexp_replace(upper(split_part({{ column }}, ',', 1)), '[^[:alnum:]]+', ' ', 'g')),
    ''), 'NO FIXED ABODE'), 'NFA')
{%- endmacro %}

{# Arrest summons number: capitals and digits only, so that 26/00AA/01/1K meets 2600AA011K. #}
{% macro read_asn(column) -%}
    nullif(regexp_replace(upper({{ column }}), '[^A-Z0-9]', '', 'g'), '')
{%- endmacro %}

{#
    Arrest summons number in its full form, as domain.md 2.3 has it, or null when its check letter does not fit. Only
    what is whole says whose it is; read_asn takes any, to join what one sender writes alike.
#}
{% macro read_full_asn(column) -%}
    (
        select
            case
                when right(full_form.asn, 1) = substr('ZABCDEFGHJKLMNPQRTUVWXY', (
                    concat(
                        substring(substr(full_form.asn, full_form.force_at, 2) from '^\d\d$'),
                        substring(substr(full_form.asn, full_form.force_at + 4, 2) from '^\d\d$'),
                        left(full_form.asn, 2),
                        substr(full_form.asn, full_form.force_at + 6, 11)
                    )::bigint % 23
                )::int + 1, 1) then full_form.asn
            end
        from (
            select
                length(whole.asn) - 17 as force_at,
                whole.asn
            from (
                select
                    case
                        when btrim({{ column }}) ~* '^\d\d/[A-Z0-9]{4,5}/[A-Z0-9]{2}/\d{1,11}[A-Z]$'
                            then
                                upper(
                                    split_part(btrim({{ column }}), '/', 1) || split_part(btrim({{ column }}), '/', 2)
                                    || split_part(btrim({{ column }}), '/', 3)
                                    || lpad(split_part(btrim({{ column }}), '/', 4), 12, '0')
                                )
                        else {{ read_asn(column) }}
                    end as asn
            ) as whole
        ) as full_form
        where full_form.asn ~ '^\d{2}[A-Z0-9]{6,7}\d{11}[A-HJ-NP-RT-Z]$'
    )
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

{# A name for comparing of a record of a person: words that stand for a name nobody knew are none. #}
{% macro read_person_name(column) -%}
    substring({{ read_name(column) }} from '^(?!(?:UNKNOWN|NOT KNOWN|N K|NK|UNNAMED|NFA|BABY|TEST|X)$).*$')
{%- endmacro %}
