-- First outcomes of a lifetime as cases of the first-time entrant figures.
with

first_time_entrant as (

    select * from {{ ref('int_justice__first_time_entrant') }}

),

final as (

    select
        figures.indicator_id,
        figures.variant_code,
        'OUTCOME/' || first_time_entrant.outcome_key as case_key,
        first_time_entrant.outcome_date as case_date,
        first_time_entrant.person_key,
        first_time_entrant.geography_key,
        first_time_entrant.outcome_key as fact_key,
        first_time_entrant.outcome_date as fact_date,
        first_time_entrant.is_first_time_entrant::integer::numeric as numerator,
        0::numeric as denominator,
        first_time_entrant.is_first_time_entrant as is_in,
        first_time_entrant.reason_code
    from first_time_entrant
    cross join (
        values
        ('first_time_entrants', 'DEFAULT'),
        ('first_time_entrants_rate', 'DEFAULT'),
        ('first_time_entrants_rate', 'POPULATION_YEAR')
    ) as figures (indicator_id, variant_code)

)

select * from final
