-- Which child was arrested under each arrest summons number, and when.
with

arrest as (

    select * from {{ ref('stg_police__arrest') }}

),

person_link as (

    select * from {{ ref('int_identity__person_link') }}

),

final as (

    select
        arrest.asn,
        min(person_link.person_key) as person_key,
        min(arrest.arrested_at) as arrest_date
    from arrest
    inner join person_link
        on
            arrest.record_id = person_link.source_id
            and person_link.feed = 'police'
            and person_link.entity = 'arrest'
    group by arrest.asn

)

select * from final
