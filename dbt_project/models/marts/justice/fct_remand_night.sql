-- Nights on remand by quarter.
with

remand_night as (

    select * from {{ ref('int_justice__remand_night') }}

),

final as (

    select
        episode_key,
        quarter_start,
        person_key,
        geography_key,
        remand_class_code,
        nights,
        is_counted,
        service_code
    from remand_night
    where quarter_start between date '{{ var("yos:calendar_start") }}' and date '{{ var("yos:calendar_end") }}'

)

select * from final
