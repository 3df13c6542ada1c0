-- Records of the education feed that belong to a child the warehouse knows. Children withdrawn by the service are not
-- among them, nor pupils nobody here has to do with.
with

person_link as (

    select * from {{ ref('int_identity__person_link') }}

),

child as (

    select * from {{ ref('int_justice__child') }}

),

final as (

    select
        person_link.entity,
        person_link.source_id as record_id,
        person_link.person_key
    from person_link
    inner join child on person_link.person_key = child.person_key
    where person_link.feed = 'education'

)

select * from final
