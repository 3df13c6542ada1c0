-- What each reserve holds period by period: as it moved, and as it is planned to. A movement that was planned up to
-- the as-at day and not made did not happen and is left out. An opening says what there is: the sum starts anew there.
with

movement as (

    select *
    from {{ ref('fct_reserve_movement') }}
    where
        financial_period_key > 0
        and (status_code = 'MADE' or (movement_date > {{ as_at_date() }} and kind_code <> 'OPENING'))

),

financial_period as (

    select *
    from {{ ref('dim_financial_period') }}
    where financial_period_key > 0

),

by_period as (

    select
        reserve_code,
        financial_period_key,
        sum(amount_gbp) filter (where kind_code = 'OPENING') as said_gbp,
        sum(amount_gbp) filter (where kind_code not in ('OPENING', 'USED')) as added_gbp,
        sum(amount_gbp) filter (where kind_code = 'USED') as used_gbp,
        bool_or(status_code = 'PLANNED') as has_plan
    from movement
    group by reserve_code, financial_period_key

),

reserve as (

    select
        reserve_code,
        min(financial_period_key) as first_period_key,
        max(financial_period_key) as last_period_key
    from by_period
    group by reserve_code

),

-- from the first movement to the last, or to the end of the as-at day's year; adjustments only where there is one
periods as (

    select
        reserve.reserve_code,
        financial_period.financial_period_key,
        financial_period.financial_year,
        financial_period.period,
        financial_period.period_name,
        by_period.said_gbp,
        coalesce(by_period.added_gbp, 0) as added_gbp,
        coalesce(by_period.used_gbp, 0) as used_gbp,
        coalesce(by_period.has_plan, false) as has_plan
    from reserve
    inner join financial_period
        on
            reserve.first_period_key <= financial_period.financial_period_key
            and (
                reserve.last_period_key >= financial_period.financial_period_key
                or financial_period.financial_year <= {{ financial_year(as_at_date()) }}
            )
    left join by_period
        on
            reserve.reserve_code = by_period.reserve_code
            and financial_period.financial_period_key = by_period.financial_period_key
    where not financial_period.is_adjustment or by_period.reserve_code is not null

),

started as (

    select
        *,
        count(said_gbp) over (partition by reserve_code order by financial_period_key) as opening_number,
        bool_or(has_plan) over (partition by reserve_code order by financial_period_key) as is_planned
    from periods

),

running as (

    select
        *,
        sum(coalesce(said_gbp, 0) + added_gbp + used_gbp) over (
            partition by reserve_code, opening_number
            order by financial_period_key
        ) as closing_gbp
    from started

),

final as (

    select
        reserve_code,
        financial_period_key,
        financial_year,
        period,
        period_name,
        (closing_gbp - added_gbp - used_gbp)::numeric(14, 2) as opening_gbp,
        added_gbp::numeric(14, 2) as added_gbp,
        used_gbp::numeric(14, 2) as used_gbp,
        closing_gbp::numeric(14, 2) as closing_gbp,
        is_planned,
        '{{ var("yos:service") }}' as service_code
    from running

)

select * from final
