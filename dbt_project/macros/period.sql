{#
    The days of a period from its printed name: 2018/19, 2018/19 Q3, 2019/20 Q3 cumulative, Jul-Sep 2017,
    Oct 2016-Sep 2017, Oct 2016 to Sep 2017. Null for anything else. Words after the months do no harm
    (Jan-Mar 2017 cohort at 9 months).
#}
{% macro period_month_words(name) -%}
    regexp_match(
        {{ name }},
        '^(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*(?: (\d{4}))? ?(?:-|–|to) ?'
        || '(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* (\d{4})(?!\d)'
    )
{%- endmacro %}

{# name: the period's name; words: the array of period_month_words of it. #}
{% macro period_first_day(name, words) -%}
    case
        when {{ words }}[2] is not null then to_date({{ words }}[1] || {{ words }}[2], 'MonYYYY')
        -- no year of its own: that of the end, or the year before when the months run over New Year
        when {{ words }} is not null
            then (
                to_date({{ words }}[1] || {{ words }}[4], 'MonYYYY')
                - case
                    when to_date({{ words }}[1] || {{ words }}[4], 'MonYYYY')
                        > to_date({{ words }}[3] || {{ words }}[4], 'MonYYYY')
                        then interval '1 year'
                    else interval '0'
                end
            )::date
        when {{ name }} ~ '^(19|20)\d\d/\d\d( Q[1-4] cumulative)?$' then make_date(left({{ name }}, 4)::integer, 4, 1)
        when {{ name }} ~ '^(19|20)\d\d/\d\d Q[1-4]$'
            then (
                make_date(left({{ name }}, 4)::integer, 4, 1)
                + interval '3 months' * (right({{ name }}, 1)::integer - 1)
            )::date
    end
{%- endmacro %}

{% macro period_last_day(name, words) -%}
    case
        when {{ words }} is not null
            then (to_date({{ words }}[3] || {{ words }}[4], 'MonYYYY') + interval '1 month - 1 day')::date
        when {{ name }} ~ '^(19|20)\d\d/\d\d$' then make_date(left({{ name }}, 4)::integer + 1, 3, 31)
        when {{ name }} ~ '^(19|20)\d\d/\d\d Q[1-4]( cumulative)?$'
            then (
                make_date(left({{ name }}, 4)::integer, 4, 1)
                + interval '3 months' * substr({{ name }}, 10, 1)::integer - interval '1 day'
            )::date
    end
{%- endmacro %}
