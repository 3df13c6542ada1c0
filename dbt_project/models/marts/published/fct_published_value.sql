-- Figures that others published, beside what the warehouse computes and never mixed with it.
with

published_value as (

    select * from {{ ref('int_published__value') }}

),

final as (

    select
        published_value_key,
        indicator_id,
        source_basis,
        cohort_code,
        area_kind_code,
        area_name,
        first_day,
        last_day,
        period_name,
        months_followed,
        unit,
        value,
        decimals,
        numerator,
        denominator,
        comparison_value,
        target_value,
        target_sense,
        target_confidence,
        suspect_code is not null as is_suspect,
        coalesce(suspect_code, '-2') as suspect_code,
        service_code
    from published_value

)

select * from final
