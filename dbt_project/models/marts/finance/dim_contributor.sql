-- Who pays into the service, and -1 (not known).
with

contributor as (

    select * from {{ ref('int_finance__contributor') }}

),

members as (

    select * from contributor
    union all
    select
        '-1' as contributor_key,
        'Not known' as contributor_name,
        'NOT_KNOWN' as contributor_kind_code,
        false as is_reserve

),

final as (

    select
        contributor_key,
        contributor_name,
        contributor_kind_code,
        is_reserve,
        '{{ var("yos:service") }}' as service_code
    from members

)

select * from final
