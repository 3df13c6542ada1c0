-- Which person each source record belongs to, as linked by the end of the as-at day.
with

person_key_map as (

    select * from {{ source('identity', 'person_key_map') }}

),

final as (

    select
        service_code,
        feed,
        entity,
        source_id,
        person_key
    from person_key_map
    where
        service_code = '{{ var("yos:service") }}'
        and since < {{ as_at_end() }}
        and (until is null or until >= {{ as_at_end() }})

)

select * from final
