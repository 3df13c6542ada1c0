-- The courts of the service.
with

ref_court as (

    select * from {{ ref('ref_court') }}

),

final as (

    select
        court_code as court_key,
        court_name,
        court_type as court_type_code,
        service_code
    from ref_court
    where service_code = '{{ var("yos:service") }}'

)

select * from final
