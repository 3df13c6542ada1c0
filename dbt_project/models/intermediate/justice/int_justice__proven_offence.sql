-- Offences proven by an outcome that still stands, each once, with the day it was first proven. What an adult
-- court decided is left out of every measure of children.
with

outcome as (

    select * from {{ ref('int_justice__outcome') }}

),

final as (

    select
        offence_key,
        person_key,
        (array_agg(outcome_key order by outcome_date, outcome_rank, outcome_record_id))[1] as outcome_key,
        (array_agg(outcome_record_id order by outcome_date, outcome_rank, outcome_record_id))[1] as outcome_record_id,
        min(offence_date) as offence_date,
        min(outcome_date) as proven_date,
        bool_or(is_breach) as is_breach,
        -- a flag of a witness, or nothing but "taken into consideration" to prove it
        bool_or(is_tic) or bool_and(outcome_type_key = 'TAKEN_INTO_CONSIDERATION') as is_tic,
        bool_or(is_bail_offence) as is_bail_offence,
        bool_or(is_recordable) as is_recordable
    from outcome
    where is_proof and is_standing
    group by offence_key, person_key

)

select * from final
