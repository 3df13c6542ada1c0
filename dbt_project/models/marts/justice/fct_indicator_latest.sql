-- Local figures of children as computed tonight, for the service, its areas, teams and districts.
with

figure as (

    select * from {{ ref('int_justice__figure') }}

),

final as (

    select
        indicator_id,
        variant_code,
        period_code,
        geography_level,
        geography_code,
        numerator,
        denominator,
        value,
        interval_low,
        interval_high,
        population_10_17,
        population_mid_year,
        population_released_on,
        due_date,
        is_due,
        source_basis,
        service_code
    from figure

)

select * from final
