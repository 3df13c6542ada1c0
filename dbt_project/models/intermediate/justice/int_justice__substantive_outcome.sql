-- Youth cautions, youth conditional cautions and sentences that still stand, of known persons, whatever
-- the age and wherever they lived. Diversion (resolutions, outcomes 20 to 22) is not among them.
with

outcome as (

    select * from {{ ref('int_justice__outcome') }}

),

final as (

    select *
    from outcome
    where is_substantive and not is_appealed_away and is_person_known

)

select * from final
