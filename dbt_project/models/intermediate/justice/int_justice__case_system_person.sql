-- The person behind each child record of the case system. A child withdrawn at the source has none.
with

person as (

    select * from {{ ref('stg_case_system__person') }}

),

person_link as (

    select * from {{ ref('int_identity__person_link') }}

),

final as (

    select
        person.service_code,
        person.person_id,
        person_link.person_key
    from person
    inner join person_link
        on
            person.record_id = person_link.source_id
            and person_link.feed = 'case_system'
            and person_link.entity = 'person'
    where person.is_deleted is not true

)

select * from final
