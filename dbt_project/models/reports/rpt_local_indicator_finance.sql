-- Spending of the year to date against the year's budget. In cash: seconded staff are paid in kind and
-- appear in no ledger, so they are left out of the budget here too. Money is nobody's secret: nothing is hidden.
with

budget_line as (

    select * from {{ ref('fct_budget_line') }}

),

ledger_posting as (

    select * from {{ ref('fct_ledger_posting') }}

),

period as (

    select
        years_ago,
        ({{ financial_year_start(as_at_date()) }} - make_interval(years => years_ago))::date as first_day,
        ({{ as_at_date() }} - make_interval(years => years_ago))::date as last_day
    from generate_series(0, 1) as series (years_ago)

),

named_period as (

    select
        *,
        {{ financial_year('first_day') }} as financial_year
    from period

),

budget as (

    select
        financial_year,
        sum(other_delegated_gbp) as cash_gbp
    from budget_line
    where is_in_force
    group by financial_year

),

-- A commitment is not spent yet. Adjustments of the year's end (periods 13 and 14) belong to their year.
spending as (

    select
        named_period.years_ago,
        sum(ledger_posting.amount_gbp) as spent_gbp
    from named_period
    inner join ledger_posting
        on
            named_period.financial_year = ledger_posting.financial_year
            and named_period.last_day >= ledger_posting.posting_date
    where ledger_posting.status_code in ('ACTUAL', 'ACCRUAL') and not ledger_posting.is_income
    group by named_period.years_ago

),

measured as (

    select
        named_period.years_ago,
        spending.spent_gbp as numerator,
        budget.cash_gbp as denominator,
        100 * spending.spent_gbp / nullif(budget.cash_gbp, 0) as exact_value
    from named_period
    left join spending on named_period.years_ago = spending.years_ago
    left join budget on named_period.financial_year = budget.financial_year

),

side_by_side as (

    select
        this_year.numerator,
        this_year.denominator,
        round(this_year.exact_value, 6) as value,
        last_year.numerator as last_year_numerator,
        last_year.denominator as last_year_denominator,
        round(last_year.exact_value, 6) as last_year_value,
        this_year.exact_value - last_year.exact_value as exact_change
    from measured as this_year
    inner join measured as last_year on this_year.years_ago = 0 and last_year.years_ago = 1

),

final as (

    select
        'spend_against_budget' as indicator_id,
        'Spending of the year to date against the year''s budget' as indicator_name,
        'pct' as unit_of_value,
        'lower_is_better' as polarity,
        'within the budget' as target,
        100::numeric(18, 6) as target_value,
        'STATED' as target_confidence,
        to_char({{ financial_year_start(as_at_date()) }}, 'FMDD FMMonth YYYY')
        || ' to ' || to_char({{ as_at_date() }}, 'FMDD FMMonth YYYY') as period_label,
        {{ as_at_date() }} as as_at,
        numerator::numeric(18, 2) as numerator,
        denominator::numeric(18, 2) as denominator,
        value::numeric(18, 6) as value,
        last_year_numerator::numeric(18, 2) as last_year_numerator,
        last_year_denominator::numeric(18, 2) as last_year_denominator,
        last_year_value::numeric(18, 6) as last_year_value,
        to_char(numerator, 'FM999,999,999,990.00') as numerator_shown,
        to_char(denominator, 'FM999,999,999,990.00') as denominator_shown,
        round(value, 1)::text as value_shown,
        to_char(last_year_numerator, 'FM999,999,999,990.00') as last_year_numerator_shown,
        to_char(last_year_denominator, 'FM999,999,999,990.00') as last_year_denominator_shown,
        round(last_year_value, 1)::text as last_year_value_shown,
        case
            when exact_change is null then 'nothing to compare with'
            when round(exact_change, 1) = 0 then 'no change'
            when exact_change > 0 then 'up by ' || round(exact_change, 1) || ' percentage points'
            else 'down by ' || round(abs(exact_change), 1) || ' percentage points'
        end as direction_words,
        case
            when value is null then 'nothing to compare with'
            when value <= 100 then 'meets the target'
            else 'misses the target'
        end as against_target,
        'Pounds in cash, payments in kind and income left out; commitments are not spent yet.' as note,
        5 as row_order,
        'LOCAL_LEDGER' as source_basis,
        '{{ var("yos:service") }}' as service_code
    from side_by_side

)

select * from final
