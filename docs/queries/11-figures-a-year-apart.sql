-- How does each figure of the service compare with the same quarter of last year?
with

figures as (

    select
        fct_indicator_latest.indicator_id,
        dim_indicator.indicator_name,
        dim_period.period_name,
        dim_period.last_day,
        fct_indicator_latest.value
    from marts.fct_indicator_latest
    inner join marts.dim_period on fct_indicator_latest.period_code = dim_period.period_code
    inner join marts.dim_indicator
        on fct_indicator_latest.indicator_id = dim_indicator.indicator_id
            and fct_indicator_latest.variant_code = dim_indicator.variant_code
    where
        fct_indicator_latest.geography_level = 'SERVICE'
        and dim_indicator.is_default_variant
        and dim_period.period_kind = 'QUARTER'

)

select
    figures.indicator_name,
    figures.period_name,
    figures.value,
    earlier.value as value_a_year_before
from figures
inner join figures as earlier
    on figures.indicator_id = earlier.indicator_id
        and earlier.last_day = (figures.last_day + 1 - interval '1 year')::date - 1
order by figures.indicator_name, figures.last_day
