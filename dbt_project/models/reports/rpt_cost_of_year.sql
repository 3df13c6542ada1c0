-- What each year cost, and the price of a bed-night in it. Says nothing of children: reports.rpt_unit_cost puts it
-- beside their numbers.
with

ledger as (

    select *
    from {{ ref('int_finance__ledger_by_period') }}
    where {{ is_to_date('financial_year', 'period') }}

),

bed_price as (

    select *
    from {{ ref('ref_bed_price') }}
    where service_code = '{{ var("yos:service") }}' and financial_year <= {{ financial_year(as_at_date()) }}

),

spending as (

    select
        financial_year,
        coalesce(sum(actual_gbp) filter (where not is_income), 0) as spending_gbp,
        coalesce(sum(actual_gbp) filter (where is_income), 0) as income_gbp
    from ledger
    group by financial_year

),

final as (

    select
        coalesce(spending.financial_year, bed_price.financial_year) as financial_year,
        spending.spending_gbp::numeric(14, 2) as spending_gbp,
        spending.income_gbp::numeric(14, 2) as income_gbp,
        case
            when {{ is_year_over('coalesce(spending.financial_year, bed_price.financial_year)') }} then 12
            else {{ as_at_period() }}
        end as to_period,
        {{ is_year_over('coalesce(spending.financial_year, bed_price.financial_year)') }} as is_complete,
        bed_price.price_per_night_gbp::numeric(14, 2) as bed_price_gbp,
        bed_price.source as bed_price_source,
        {{ as_at_date() }} as as_at,
        '{{ var("yos:service") }}' as service_code
    from spending
    full join bed_price on spending.financial_year = bed_price.financial_year

)

select * from final
