-- The child behind each unique pupil number, for records that name a pupil by number alone. A number that two children
-- carry is nobody's: rather no mark than the mark of another child.
with

upn_of_child as (

    select * from {{ ref('int_education__upn_of_child') }}

),

final as (

    select
        upn,
        min(person_key) as person_key
    from upn_of_child
    group by upn
    having count(*) = 1

)

select * from final
