-- Remands of children to youth detention or local authority accommodation.
with

remand_episode as (

    select * from {{ ref('int_justice__remand_episode') }}

),

final as (

    select
        episode_key,
        person_key,
        geography_key,
        court_key,
        outcome_type_key,
        outcome_key,
        remand_class_code,
        start_date,
        end_date,
        nights,
        hearings,
        end_reason_code,
        age_at_start,
        residence_code,
        is_long_without_custody,
        is_counted,
        service_code
    from remand_episode
    where start_date between date '{{ var("yos:calendar_start") }}' and date '{{ var("yos:calendar_end") }}'

)

select * from final
