-- Reserves of the service, and UNMAPPED (a code no list knows).
with

reserve as (

    select * from {{ ref('int_reference__reserve') }}

),

members as (

    select * from reserve
    union all
    select
        'UNMAPPED' as reserve_code,
        'Not in the code list' as reserve_name

),

final as (

    select
        reserve_code,
        reserve_name,
        '{{ var("yos:service") }}' as service_code
    from members

)

select * from final
