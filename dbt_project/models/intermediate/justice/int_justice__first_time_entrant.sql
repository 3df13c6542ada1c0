-- A child is a first-time entrant once in a lifetime: the first substantive outcome ever, wherever it was given.
-- Rank first, then drop outcomes given while living elsewhere, or a child who moves in would count again.
with

outcomes as (

    select * from {{ ref('int_justice__substantive_outcome') }}

),

ranked as (

    select
        *,
        row_number() over (
            partition by person_key
            order by outcome_date, outcome_rank, outcome_record_id
        ) as lifetime_number
    from outcomes

),

final as (

    select
        outcome_key,
        person_key,
        outcome_date,
        geography_key
    from ranked
    where lifetime_number = 1 and is_aged_10_to_17 and is_living_here

)

select * from final
