-- Order ends as cases of the figures on education, employment and training. Each order counts for itself: a child whose
-- two orders ended is two cases. HOURS_16 and HOURS_25 mean what they say, whichever the service made the default.
with

eet as (

    select * from {{ ref('int_education__eet_at_order_end') }}

),

final as (

    select
        figures.indicator_id,
        figures.variant_code,
        'ORDER/' || eet.order_key as case_key,
        eet.order_end_date as case_date,
        eet.person_key,
        eet.geography_key,
        eet.order_key as fact_key,
        eet.order_end_date as fact_date,
        case
            when figures.variant_code = 'HOURS_16'
                then {{ is_full_time('eet.hours_attended', 'eet.is_school_age') }} and eet.is_every_placement_suitable
            when figures.variant_code = 'HOURS_25' then eet.is_suitable_eet_25
            when figures.variant_code = 'ESTIMATED_HOURS' then eet.is_suitable_eet_estimated
            when figures.indicator_id = 'suitable_eet_at_order_start' then eet.start_is_suitable_eet
            when figures.indicator_id = 'neet_at_order_end' then eet.status_code = 'NEET'
            else eet.status_code = 'NOT_KNOWN'
        end::integer::numeric as numerator,
        1::numeric as denominator,
        eet.is_counted as is_in,
        eet.exclusion_code as reason_code
    from eet
    cross join (
        values
        ('suitable_eet_at_order_end', 'HOURS_16'),
        ('suitable_eet_at_order_end', 'HOURS_25'),
        ('suitable_eet_at_order_end', 'ESTIMATED_HOURS'),
        ('suitable_eet_at_order_start', 'DEFAULT'),
        ('neet_at_order_end', 'DEFAULT'),
        ('eet_not_known_at_order_end', 'DEFAULT')
    ) as figures (indicator_id, variant_code)

)

select * from final
