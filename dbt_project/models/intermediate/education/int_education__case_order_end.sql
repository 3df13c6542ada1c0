-- Order ends as cases of the figures on education, employment and training. Each order counts for itself, so a child
-- whose two orders ended is two cases. HOURS_16 and HOURS_25 mean what they say, whichever the service made the default.
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
        case figures.indicator_id || '/' || figures.variant_code
            when 'suitable_eet_at_order_end/HOURS_16'
                then {{ is_full_time('eet.hours_attended', 'eet.is_school_age') }} and eet.is_every_placement_suitable
            when 'suitable_eet_at_order_end/HOURS_25' then eet.is_suitable_eet_25
            when 'suitable_eet_at_order_end/ESTIMATED_HOURS' then eet.is_suitable_eet_estimated
            when 'suitable_eet_at_order_start/DEFAULT' then eet.start_is_suitable_eet
            when 'neet_at_order_end/DEFAULT' then eet.status_code = 'NEET'
            when 'eet_not_known_at_order_end/DEFAULT' then eet.status_code = 'NOT_KNOWN'
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
