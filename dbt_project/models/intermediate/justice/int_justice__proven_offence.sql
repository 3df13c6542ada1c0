-- Offences proven by a substantive outcome that still stands, each once, with the day it was first proven.
-- What an adult court decided is left out of every measure of children.
with

outcomes as (

    select * from {{ ref('int_justice__substantive_outcome') }}

),

final as (

    select
        offence_key,
        person_key,
        min(offence_date) as offence_date,
        min(outcome_date) as proven_date,
        bool_or(is_breach) as is_breach,
        bool_or(is_tic) as is_tic,
        bool_or(is_recordable) as is_recordable
    from outcomes
    where tier_code <> 'ADULT'
    group by offence_key, person_key

)

select * from final
