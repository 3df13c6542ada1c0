-- What does each decision of the service change?
with

decisions as (

    select distinct
        indicator_id,
        decision_code
    from marts.dim_indicator
    where decision_code <> 'NONE'

),

variants as (

    select
        decisions.decision_code,
        dim_indicator.indicator_id,
        dim_indicator.variant_code,
        dim_indicator.is_default_variant,
        dim_indicator.decimals
    from decisions
    inner join marts.dim_indicator
        on decisions.indicator_id = dim_indicator.indicator_id
            and (decisions.decision_code = dim_indicator.decision_code or dim_indicator.is_default_variant)

),

figures as (

    select
        variants.*,
        dim_period.period_name,
        dim_period.last_day,
        fct_indicator_latest.numerator,
        fct_indicator_latest.denominator,
        fct_indicator_latest.value,
        fct_indicator_latest.is_due
        and (dim_period.period_kind <> 'YEAR_TO_DATE' or extract(month from dim_period.last_day) = 3) as is_complete
    from variants
    inner join marts.fct_indicator_latest
        on variants.indicator_id = fct_indicator_latest.indicator_id
            and variants.variant_code = fct_indicator_latest.variant_code
            and fct_indicator_latest.geography_level = 'SERVICE'
    inner join marts.dim_period
        on fct_indicator_latest.period_code = dim_period.period_code
            and dim_period.period_kind <> 'QUARTER'

),

newest as (

    select
        decision_code,
        indicator_id,
        max(last_day) as last_day
    from figures
    where is_default_variant and is_complete
    group by decision_code, indicator_id

)

select
    figures.decision_code,
    figures.indicator_id,
    figures.period_name,
    figures.variant_code,
    figures.is_default_variant,
    figures.numerator,
    figures.denominator,
    round(figures.value, figures.decimals) as value
from figures
inner join newest
    on figures.decision_code = newest.decision_code
        and figures.indicator_id = newest.indicator_id
        and figures.last_day = newest.last_day
order by figures.decision_code asc, figures.indicator_id asc, figures.is_default_variant desc, figures.variant_code asc
