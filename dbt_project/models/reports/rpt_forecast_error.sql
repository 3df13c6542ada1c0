-- What the two forecasts would have said in past years, and how far off they would have been. Judged on years that are
-- over, against all fourteen periods, with what the periods hold today: corrections made later are in them.
with

ledger as (

    select *
    from {{ ref('int_finance__ledger_by_period') }}
    where {{ is_year_over('financial_year') }}

),

account as (

    select * from {{ ref('dim_account') }}

),

items as (

    select
        ledger.financial_year,
        ledger.financial_year_start,
        ledger.period,
        item.breakdown_code,
        item.item_code,
        ledger.actual_gbp
    from ledger
    inner join account on ledger.account_key = account.account_key
    cross join
        lateral (
            values
            ('SERVICE', case when not ledger.is_income then 'SPENDING' end),
            ('ACCOUNT_GROUP', account.account_group_code)
        ) as item (breakdown_code, item_code)
    where item.item_code is not null

),

-- period 1 to 12: what the year had spent by the end of it, and in the end
progress as (

    select
        items.breakdown_code,
        items.item_code,
        items.financial_year,
        items.financial_year_start,
        months.period,
        coalesce(sum(items.actual_gbp) filter (where items.period <= months.period), 0) as by_then_gbp,
        sum(items.actual_gbp) as outturn_gbp
    from items
    cross join generate_series(1, 12) as months (period)
    group by
        items.breakdown_code, items.item_code, items.financial_year, items.financial_year_start, months.period

),

forecasts as (

    select
        progress.*,
        method.method_code,
        round(method.forecast_gbp, 2) as forecast_gbp
    from progress
    left join progress as year_before
        on
            progress.breakdown_code = year_before.breakdown_code
            and progress.item_code = year_before.item_code
            and progress.financial_year_start = year_before.financial_year_start + 1
            and progress.period = year_before.period
    cross join
        lateral (
            values
            ('STRAIGHT_LINE', {{ straight_line('progress.by_then_gbp', 'progress.period') }}),
            (
                'LAST_YEAR_PROFILE',
                {{ last_year_profile('progress.by_then_gbp', 'year_before.by_then_gbp', 'year_before.outturn_gbp') }}
            )
        ) as method (method_code, forecast_gbp)
    where method.forecast_gbp is not null

),

final as (

    select
        breakdown_code,
        item_code,
        financial_year,
        period::integer as period,
        method_code,
        forecast_gbp::numeric(14, 2) as forecast_gbp,
        outturn_gbp::numeric(14, 2) as outturn_gbp,
        (forecast_gbp - outturn_gbp)::numeric(14, 2) as error_gbp,
        round(100 * (forecast_gbp - outturn_gbp) / nullif(abs(outturn_gbp), 0), 1) as error_pct,
        '{{ var("yos:service") }}' as service_code
    from forecasts

)

select * from final
