-- Every local figure of children for the service, by period, beside the same period a year before. Small counts are
-- hidden, and with them any total that would give one away: a rolling year that holds a small quarter, a year to date
-- that grew by a small number, and, where years to date are told, all quarters of a year with a small one.
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
        -- a rate per population and the plain count tell of the same children
        regexp_replace(latest.indicator_id, '_rate$', '') as subject
    from latest
    inner join indicator
        on
            latest.indicator_id = indicator.indicator_id
            and latest.variant_code = indicator.variant_code
    inner join period on latest.period_code = period.period_code
    where latest.geography_level = 'SERVICE' and indicator.is_default_variant

),

-- what a year to date, or the newest quarter in it, added to the one before
grown as (

    select
        *,
        numerator - coalesce(lag(numerator) over to_date, 0) as numerator_growth,
        denominator - coalesce(lag(denominator) over to_date, 0) as denominator_growth,
        date_part('year', first_day - interval '3 months') as financial_year
    from figures
    window to_date as (partition by indicator_id, period_kind, first_day order by last_day)

),

judged_alone as (

    select
        *,
        {{ is_small('numerator') }} or {{ is_small('numerator_growth') }} as is_numerator_small,
        not is_per_population and (
            {{ is_small('denominator') }} or {{ is_small('denominator_growth') }}
        ) as is_denominator_small,
        is_part and (
            {{ is_small('(denominator - numerator)') }}
            or {{ is_small('(denominator_growth - numerator_growth)') }}
        ) as is_remainder_small
    from grown

),

small_quarter as (

    select
        subject,
        first_day
    from judged_alone
    where period_kind = 'QUARTER' and (is_numerator_small or is_denominator_small or is_remainder_small)
    group by subject, first_day

),

rolling_year_with_one as (

    select
        judged_alone.indicator_id,
        judged_alone.period_code
    from judged_alone
    inner join small_quarter
        on
            judged_alone.subject = small_quarter.subject
            and small_quarter.first_day between judged_alone.first_day and judged_alone.last_day
    where judged_alone.period_kind = 'ROLLING_YEAR'
    group by judged_alone.indicator_id, judged_alone.period_code

),

judged as (

    select
        judged_alone.*,
        rolling_year_with_one.period_code is not null or (
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
            else {{ change_words('exact_change', 'good_sign', 'decimals', 'unit') }}
        end as direction_words,
        case
            when is_due then 'complete'
            when {{ as_at_date() }} >= last_day then 'period over, figure still growing'
            else 'period not over'
        end as state_words,
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
