-- Cost centres of the service, and UNMAPPED (a code no list knows).
with

cost_centre as (

    select * from {{ ref('int_reference__cost_centre') }}

),

members as (

    select * from cost_centre
    union all
    select
        'UNMAPPED' as cost_centre_code,
        'Not in the code list' as cost_centre_name

),

final as (

    select
        cost_centre_code,
        cost_centre_name,
        '{{ var("yos:service") }}' as service_code
    from members

)

select * from final
