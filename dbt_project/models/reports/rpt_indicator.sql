-- Every local figure of children for the service, by period, beside the same period a year before. Small counts are
-- hidden, and with them any total that would give one away: a rolling year that holds a small quarter, a year to date
-- that grew by a small number, where years to date are told all quarters of a year with a small one, and of order ends
-- not in education or not known when any status is small, because the three and the rest add up.
with

latest as (

    select * from {{ ref('fct_indicator_latest') }}

),

indicator as (

    select * from {{ ref('dim_indicator') }}

),

period as (

    select * from {{ ref('dim_period') }}

),

published_value as (

    select * from {{ ref('fct_published_value') }}

),

target as (

    select *
    from {{ ref('ref_target') }}
    where service_code = '{{ var("yos:service") }}'

),

series_break as (

    select * from {{ ref('ref_series_break') }}

),

-- the breaks that a period shares a day with
broken as (

    select
        period.period_code,
        series_break.subject_code,
        string_agg(series_break.break_name, '; ' order by series_break.first_day) as series_break
    from period
    inner join series_break
        on period.first_day <= series_break.last_day and period.last_day >= series_break.first_day
    group by period.period_code, series_break.subject_code

),

-- what others published of the same period, one column for each area; a doubtful figure says so
published as (

    select
        indicator_id,
        first_day,
        last_day,
    {% for area in ['SERVICE', 'REGION', 'FAMILY', 'ENGLAND', 'ENGLAND_AND_WALES'] -%}
        max(
            round(value, decimals)::text || case when is_suspect then ' (doubtful)' else '' end
        ) filter (where area_kind_code = '{{ area }}') as published_{{ area | lower }}{{ ',' if not loop.last }}
    {% endfor -%}
    from published_value
    group by indicator_id, first_day, last_day

),

figures as (

    select
        latest.*,
        indicator.indicator_name,
        indicator.unit,
        indicator.scale,
        indicator.decimals,
        indicator.polarity,
        indicator.is_part,
        indicator.is_per_population,
        indicator.period_kinds,
        period.period_kind,
        period.period_name,
        period.first_day,
        period.last_day,
        broken.series_break,
        target.target_value,
        target.target_sense = 'below' as is_target_strict,
        target.target_confidence,
        -- a rate per population and the plain count tell of the same children
        regexp_replace(latest.indicator_id, '_rate$', '') as told_of
    from latest
    inner join indicator
        on
            latest.indicator_id = indicator.indicator_id
            and latest.variant_code = indicator.variant_code
    inner join period on latest.period_code = period.period_code
    left join broken
        on latest.period_code = broken.period_code and indicator.subject_code = broken.subject_code
    left join target on latest.indicator_id = target.indicator_id
    where latest.geography_level = 'SERVICE' and indicator.is_default_variant

),

-- what a year to date added to each earlier one of its year
grown as (

    select
        *,
        {% for quarters in [1, 2, 3] -%}
            numerator - lag(numerator, {{ quarters }}) over to_date as numerator_growth_{{ quarters }},
            denominator - lag(denominator, {{ quarters }}) over to_date as denominator_growth_{{ quarters }},
        {% endfor -%}
        date_part('year', first_day - interval '3 months') as financial_year
    from figures
    window to_date as (partition by indicator_id, period_kind, first_day order by last_day)

),

judged_alone as (

    select
        *,
        {% for growth in ['', '_growth_1', '_growth_2', '_growth_3'] -%}
            {{ 'or ' if not loop.first }}{{ is_small('numerator' ~ growth) }}
        {% endfor -%}
            as is_numerator_small,
        not is_per_population and (
            {% for growth in ['', '_growth_1', '_growth_2', '_growth_3'] -%}
                {{ 'or ' if not loop.first }}{{ is_small('denominator' ~ growth) }}
            {% endfor -%}
        ) as is_denominator_small,
        is_part and (
            {% for growth in ['', '_growth_1', '_growth_2', '_growth_3'] -%}
                {{ 'or ' if not loop.first }}{{ is_small('(denominator' ~ growth ~ ' - numerator' ~ growth ~ ')') }}
            {% endfor -%}
        ) as is_remainder_small
    from grown

),

status as (

    select
        period_code,
        bool_or(is_numerator_small)
        {% for growth in ['', '_growth_1', '_growth_2', '_growth_3'] -%}
            or {{ is_small('(max(denominator' ~ growth ~ ') - sum(numerator' ~ growth ~ '))') }}
        {% endfor -%}
            as is_one_small
    from judged_alone
    where indicator_id in ('suitable_eet_at_order_end', 'neet_at_order_end', 'eet_not_known_at_order_end')
    group by period_code

),

small_quarter as (

    select
        told_of,
        first_day
    from judged_alone
    where period_kind = 'QUARTER' and (is_numerator_small or is_denominator_small or is_remainder_small)
    group by told_of, first_day

),

rolling_year_with_one as (

    select
        judged_alone.indicator_id,
        judged_alone.period_code
    from judged_alone
    inner join small_quarter
        on
            judged_alone.told_of = small_quarter.told_of
            and small_quarter.first_day between judged_alone.first_day and judged_alone.last_day
    where judged_alone.period_kind = 'ROLLING_YEAR'
    group by judged_alone.indicator_id, judged_alone.period_code

),

judged as (

    select
        judged_alone.*,
        rolling_year_with_one.period_code is not null
        or (
            judged_alone.indicator_id in ('neet_at_order_end', 'eet_not_known_at_order_end') and status.is_one_small
        )
        or (
            judged_alone.period_kind = 'QUARTER'
            and judged_alone.period_kinds like '%YEAR_TO_DATE%'
            and bool_or(
                judged_alone.is_numerator_small
                or judged_alone.is_denominator_small
                or judged_alone.is_remainder_small
            ) over (
                partition by
                    judged_alone.indicator_id, judged_alone.period_kind, judged_alone.financial_year
            )
        ) as would_give_one_away
    from judged_alone
    left join rolling_year_with_one
        on
            judged_alone.indicator_id = rolling_year_with_one.indicator_id
            and judged_alone.period_code = rolling_year_with_one.period_code
    left join status on judged_alone.period_code = status.period_code

),

shown as (

    select
        *,
        is_numerator_small or is_remainder_small or would_give_one_away as is_numerator_hidden,
        is_denominator_small or (would_give_one_away and not is_per_population) as is_denominator_hidden,
        is_numerator_small
        or is_denominator_small
        or is_remainder_small
        or would_give_one_away
        or coalesce(
            not is_per_population and denominator > 0 and denominator < 2 * {{ var('yos:small_number') }}, false
        ) as is_value_hidden
    from judged

),

-- no period is missing between the first and the last, so the one before is that of a year before
compared as (

    select
        *,
        lag(value) over same_part as year_before_value,
        lag(is_value_hidden) over same_part as is_year_before_hidden,
        value - lag(value) over same_part as exact_change,
        coalesce(series_break, lag(series_break) over same_part) is not null as is_across_break,
        case when polarity = 'lower_is_better' then -1 else 1 end as good_sign
    from shown
    window same_part as (
        partition by indicator_id, period_kind, date_part('month', last_day) order by last_day
    )

),

beside_published as (

    select
        compared.*,
        published.published_service,
        published.published_region,
        published.published_family,
        published.published_england,
        published.published_england_and_wales
    from compared
    left join published
        on
            compared.indicator_id = published.indicator_id
            and compared.first_day = published.first_day
            and compared.last_day = published.last_day

),

final as (

    select
        indicator_id,
        period_code,
        indicator_name,
        variant_code,
        unit,
        polarity,
        period_kind,
        period_name,
        first_day,
        last_day,
        case when not is_numerator_hidden then numerator end as numerator,
        case when not is_denominator_hidden then denominator end as denominator,
        case when not is_value_hidden then value end as value,
        {{ shown_count('numerator', 'is_numerator_hidden') }} as numerator_shown,
        {{ shown_count('denominator', 'is_denominator_hidden') }} as denominator_shown,
        {{ shown_value('value', 'decimals', 'is_value_hidden') }} as value_shown,
        case
            when not is_value_hidden and interval_low is not null
                then round(interval_low, 1) || ' to ' || round(interval_high, 1)
        end as interval_shown,
        {{ shown_value('year_before_value', 'decimals', 'is_year_before_hidden') }} as year_before_shown,
        case
            when is_value_hidden or is_year_before_hidden then 'not shown: small numbers'
            else
                {{ change_words('exact_change', 'good_sign', 'decimals', 'unit') }}
                || case
                    when is_across_break and exact_change is not null then ', across a break in the series' else ''
                end
        end as direction_words,
        case
            when is_due then 'complete'
            when {{ as_at_date() }} >= last_day then 'period over, figure still growing'
            else 'period not over'
        end as state_words,
        series_break,
        {{ target_words('target_value', 'is_target_strict', 'unit', 'target_confidence') }} as target,
        case
            when target_value is null then 'no target'
            when is_value_hidden then 'not shown: small numbers'
            when value is null then 'nothing to compare with'
            else {{ against_target('value', 'target_value', 'is_target_strict', 'good_sign') }}
        end as against_target,
        published_service,
        published_region,
        published_family,
        published_england,
        published_england_and_wales,
        population_10_17,
        population_mid_year,
        source_basis,
        service_code
    from beside_published

)

select * from final
