-- The key of each event of a source. Keys are minted once and never change, so no date is needed.
with

record_key_map as (

    select * from {{ source('identity', 'record_key_map') }}

),

final as (

    select
        service_code,
        feed,
        entity,
        source_id,
        record_key
    from record_key_map
    where service_code = '{{ var("yos:service") }}'

)

select * from final
