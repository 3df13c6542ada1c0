-- The four local indicators of the board, year to date against the same point last year.
-- Computed here from the service's own record (LOCAL_CMS); received figures are never mixed in.
with

outcome as (

    select * from {{ ref('fct_outcome') }}

),

cohort_member as (

    select * from {{ ref('fct_cohort_member') }}

),

eet_at_order_end as (

    select * from {{ ref('fct_eet_at_order_end') }}

),

target as (

    select * from {{ ref('ref_target') }}

),

-- 0 is the year to date, 1 and 2 the same part of the years before.
period as (

    select
        years_ago,
        ({{ financial_year_start(as_at_date()) }} - make_interval(years => years_ago))::date as first_day,
        ({{ as_at_date() }} - make_interval(years => years_ago))::date as last_day
    from generate_series(0, 2) as series (years_ago)

),

first_time_entrants as (

    select
        period.years_ago,
        count(outcome.outcome_key)::numeric as entrants
    from period
    left join outcome
        on
            outcome.outcome_date between period.first_day and period.last_day
            and outcome.is_first_time_entrant
    group by period.years_ago

),

first_time_entrant_change as (

    select
        'first_time_entrant_change' as indicator_id,
        this_year.years_ago,
        this_year.entrants as numerator,
        year_before.entrants as denominator,
        100 * (this_year.entrants - year_before.entrants) / nullif(year_before.entrants, 0) as exact_value
    from first_time_entrants as this_year
    inner join first_time_entrants as year_before on this_year.years_ago = year_before.years_ago - 1

),

local_reoffending_rate as (

    select
        'local_reoffending_rate' as indicator_id,
        period.years_ago,
        coalesce(sum(cohort_member.reoffences_to_checkpoint), 0)::numeric as numerator,
        coalesce(sum(cohort_member.children_in_cohort), 0)::numeric as denominator,
        sum(cohort_member.reoffences_to_checkpoint)::numeric
        / nullif(sum(cohort_member.children_in_cohort), 0) as exact_value
    from period
    left join cohort_member
        on cohort_member.cohort_code = 'NI19_' || date_part('year', period.first_day)
    where period.years_ago < 2
    group by period.years_ago

),

custodial_sentences as (

    select
        'custodial_sentences' as indicator_id,
        period.years_ago,
        count(distinct outcome.person_key) filter (where outcome.is_custody)::numeric as numerator,
        count(distinct outcome.person_key)::numeric as denominator,
        100 * count(distinct outcome.person_key) filter (where outcome.is_custody)::numeric
        / nullif(count(distinct outcome.person_key), 0) as exact_value
    from period
    left join outcome
        on
            outcome.outcome_date between period.first_day and period.last_day
            and outcome.is_court_disposal
            and outcome.is_measured
    where period.years_ago < 2
    group by period.years_ago

),

suitable_eet_at_order_end as (

    select
        'suitable_eet_at_order_end' as indicator_id,
        period.years_ago,
        count(eet_at_order_end.order_key) filter (where eet_at_order_end.is_suitable_eet)::numeric as numerator,
        count(eet_at_order_end.order_key)::numeric as denominator,
        100 * count(eet_at_order_end.order_key) filter (where eet_at_order_end.is_suitable_eet)::numeric
        / nullif(count(eet_at_order_end.order_key), 0) as exact_value
    from period
    left join eet_at_order_end
        on
            eet_at_order_end.order_end_date between period.first_day and period.last_day
            and eet_at_order_end.is_counted
    where period.years_ago < 2
    group by period.years_ago

),

measured as (

    select * from first_time_entrant_change
    union all
    select * from local_reoffending_rate
    union all
    select * from custodial_sentences
    union all
    select * from suitable_eet_at_order_end

),

-- part: the numerator counts members of the denominator, so the remainder gives it away too.
described as (

    select
        column1 as row_order,
        column2 as indicator_id,
        column3 as indicator_name,
        column4 as unit_of_value,
        column5 as polarity,
        column6 as decimals,
        column7 as is_part,
        column8 as target_in_words,
        column9 as note
    from (
        values
        (
            1, 'first_time_entrant_change', 'First-time entrants: change on the same part of last year',
            'pct', 'lower_is_better', 1, false, 'fewer than last year',
            'First-time entrants known to the local record; the numerator is this year, the denominator last year.'
        ),
        (
            2, 'local_reoffending_rate', 'Local reoffending: reoffences per child of the January to March cohort',
            'ratio', 'lower_is_better', 2, false, null,
            'Reoffences so far, as the board counts them; children in the cohort are the denominator.'
        ),
        (
            3, 'custodial_sentences', 'Children sentenced to custody, of children sentenced',
            'pct', 'lower_is_better', 1, true, null,
            'Children, not sentences: a child sentenced twice counts once.'
        ),
        (
            4, 'suitable_eet_at_order_end', 'Suitable education, employment or training at the end of an order',
            'pct', 'higher_is_better', 1, true, null,
            'Order ends, not children. What is not known counts as not suitable.'
        )
    ) as listed

),

side_by_side as (

    select
        described.*,
        this_year.numerator,
        this_year.denominator,
        round(this_year.exact_value, 6) as value,
        last_year.numerator as last_year_numerator,
        last_year.denominator as last_year_denominator,
        round(last_year.exact_value, 6) as last_year_value,
        this_year.exact_value - last_year.exact_value as exact_change,
        target.target_value,
        target.target_sense = 'below' as is_target_strict,
        coalesce(target.target_confidence, 'STATED') as target_confidence
    from described
    inner join measured as this_year
        on described.indicator_id = this_year.indicator_id and this_year.years_ago = 0
    inner join measured as last_year
        on described.indicator_id = last_year.indicator_id and last_year.years_ago = 1
    left join target
        on
            described.indicator_id = target.indicator_id
            and target.service_code = '{{ var("yos:service") }}'

),

judged as (

    select
        *,
        {{ is_small('numerator') }}
        or (is_part and {{ is_small('(denominator - numerator)') }}) as is_numerator_hidden,
        {{ is_small('denominator') }} as is_denominator_hidden,
        {{ is_rate_hidden('numerator', 'denominator', 'is_part') }} as is_value_hidden,
        {{ is_small('last_year_numerator') }}
        or (
            is_part and {{ is_small('(last_year_denominator - last_year_numerator)') }}
        ) as is_last_year_numerator_hidden,
        {{ is_small('last_year_denominator') }} as is_last_year_denominator_hidden,
        {{ is_rate_hidden('last_year_numerator', 'last_year_denominator', 'is_part') }} as is_last_year_value_hidden,
        case when polarity = 'lower_is_better' then -1 else 1 end as good_sign
    from side_by_side

),

worded as (

    select
        *,
        coalesce(
            target_in_words,
            {{ target_words('target_value', 'is_target_strict', 'unit_of_value', 'target_confidence') }}
        ) as target,
        case
            when indicator_id = 'first_time_entrant_change' and is_value_hidden then 'not shown: small numbers'
            when indicator_id = 'first_time_entrant_change' and value is null then 'nothing to compare with'
            when indicator_id = 'first_time_entrant_change' and round(value, 1) = 0 then 'no change'
            when indicator_id = 'first_time_entrant_change' and value < 0
                then 'improved: ' || round(abs(value), 1) || '% fewer'
            when indicator_id = 'first_time_entrant_change' then 'worsened: ' || round(abs(value), 1) || '% more'
            when is_value_hidden or is_last_year_value_hidden then 'not shown: small numbers'
            else {{ change_words('exact_change', 'good_sign', 'decimals', 'unit_of_value') }}
        end as direction_words,
        case
            when is_value_hidden then 'not shown: small numbers'
            when value is null then 'nothing to compare with'
            when indicator_id = 'first_time_entrant_change' and value < 0 then 'meets the target'
            when indicator_id = 'first_time_entrant_change' then 'misses the target'
            when target_value is null then 'no target'
            else {{ against_target('value', 'target_value', 'is_target_strict', 'good_sign') }}
        end as against_target
    from judged

),

final as (

    select
        indicator_id,
        indicator_name,
        unit_of_value,
        polarity,
        target,
        target_value::numeric(18, 6) as target_value,
        target_confidence,
        to_char({{ financial_year_start(as_at_date()) }}, 'FMDD FMMonth YYYY')
        || ' to ' || to_char({{ as_at_date() }}, 'FMDD FMMonth YYYY') as period_label,
        {{ as_at_date() }} as as_at,
        case when not is_numerator_hidden then numerator end::numeric(18, 2) as numerator,
        case when not is_denominator_hidden then denominator end::numeric(18, 2) as denominator,
        case when not is_value_hidden then value end::numeric(18, 6) as value,
        case when not is_last_year_numerator_hidden then last_year_numerator end::numeric(18, 2) as last_year_numerator,
        case
            when not is_last_year_denominator_hidden then last_year_denominator
        end::numeric(18, 2) as last_year_denominator,
        case when not is_last_year_value_hidden then last_year_value end::numeric(18, 6) as last_year_value,
        {{ shown_count('numerator', 'is_numerator_hidden') }} as numerator_shown,
        {{ shown_count('denominator', 'is_denominator_hidden') }} as denominator_shown,
        {{ shown_value('value', 'decimals', 'is_value_hidden') }} as value_shown,
        {{ shown_count('last_year_numerator', 'is_last_year_numerator_hidden') }} as last_year_numerator_shown,
        {{ shown_count('last_year_denominator', 'is_last_year_denominator_hidden') }} as last_year_denominator_shown,
        {{ shown_value('last_year_value', 'decimals', 'is_last_year_value_hidden') }} as last_year_value_shown,
        direction_words,
        against_target,
        note,
        row_order,
        'LOCAL_CMS' as source_basis,
        '{{ var("yos:service") }}' as service_code
    from worded

)

select * from final
