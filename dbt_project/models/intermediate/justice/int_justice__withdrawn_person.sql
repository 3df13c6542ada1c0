-- Children the case system has withdrawn (erased, or the wrong child) and holds no other record of. Nothing of
-- them goes further, whoever sent it; an old return cannot bring them back.
with

person as (

    select * from {{ ref('stg_case_system__person') }}

),

person_link as (

    select * from {{ ref('int_identity__person_link') }}

),

final as (

    select person_link.person_key
    from person
    inner join person_link
        on
            person.record_id = person_link.source_id
            and person_link.feed = 'case_system'
            and person_link.entity = 'person'
    group by person_link.person_key
    having bool_and(coalesce(person.is_deleted, false))

)

select * from final
