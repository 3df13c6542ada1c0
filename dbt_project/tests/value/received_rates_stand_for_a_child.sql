-- Rates of the service above nothing and of less than one child, by its own largest population. The door refuses what
-- would be so anywhere; half of the last printed digit is added, so that rounding is no fault.
with

population as (

    select max(population_10_17) as children
    from {{ ref('int_reference__population') }}
    where geography_level = 'SERVICE'

),

scale as (

    select *
    from (values ('per_1000', 1000), ('per_10000', 10000), ('per_100000', 100000)) as scale (unit, per)

)

select published_value.published_value_key
from {{ ref('int_published__value') }} as published_value
inner join scale on published_value.unit = scale.unit
cross join population
where
    published_value.area_kind_code = 'SERVICE'
    and published_value.value > 0
    and (published_value.value + 0.5 * power(10::numeric, -published_value.decimals)) * population.children < scale.per
