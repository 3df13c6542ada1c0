-- Programmes, and UNMAPPED (a project no list knows).
with

programme as (

    select * from {{ ref('int_reference__programme') }}

),

members as (

    select * from programme
    union all
    select
        'UNMAPPED' as programme_code,
        'Not in the code list' as programme_name,
        'NOT_KNOWN' as funding_stream_code

),

final as (

    select
        programme_code,
        programme_name,
        funding_stream_code,
        '{{ var("yos:service") }}' as service_code
    from members

)

select * from final
