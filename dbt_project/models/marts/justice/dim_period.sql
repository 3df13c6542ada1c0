-- The periods of figures: calendar quarters, rolling years to the end of a quarter, financial years to the end of a
-- quarter, and January to March of the local cohorts.
with

period as (

    select * from {{ ref('int_reference__period') }}

),

final as (

    select * from period

)

select * from final
