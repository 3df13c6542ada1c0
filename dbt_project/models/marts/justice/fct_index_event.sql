-- What may open a follow-up: cautions, court outcomes and releases from custody, one row per child, day and kind.
with

index_event as (

    select * from {{ ref('int_justice__index_event') }}

),

final as (

    select
        event_key,
        person_key,
        event_type_code,
        index_date,
        outcome_type_key,
        offence_type_key,
        geography_key,
        tier_code,
        outcome_rank,
        age_at_index,
        earlier_outcomes,
        is_looked_after,
        is_breach,
        is_living_here,
        is_appealed_away,
        service_code
    from index_event
    where index_date between date '{{ var("yos:calendar_start") }}' and date '{{ var("yos:calendar_end") }}'

)

select * from final
