-- The register of indicators: what each is, in which unit, over which periods, and when a figure of it is due.
with

indicator as (

    select * from {{ ref('int_reference__indicator') }}

),

final as (

    select * from indicator

)

select * from final
