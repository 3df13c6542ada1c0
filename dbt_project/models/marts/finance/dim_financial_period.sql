-- The periods of the ledger, and -1 (not known).
with

financial_period as (

    select * from {{ ref('int_reference__financial_period') }}

),

members as (

    select * from financial_period
    union all
    select
        -1 as financial_period_key,
        'NOT_KNOWN' as financial_year,
        null as financial_year_start,
        null as period,
        'Not known' as period_name,
        null as quarter,
        null as first_day,
        null as last_day,
        false as is_adjustment

),

final as (

    select
        financial_period_key,
        financial_year,
        financial_year_start,
        period,
        period_name,
        quarter,
        first_day,
        last_day,
        is_adjustment,
        '{{ var("yos:service") }}' as service_code
    from members

)

select * from final
