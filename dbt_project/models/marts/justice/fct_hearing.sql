-- Court hearings and what they decided on remand, from case system and courts together.
with

hearing as (

    select * from {{ ref('int_justice__hearing') }}

),

final as (

    select
        hearing_key,
        person_key,
        geography_key,
        court_key,
        hearing_date,
        court_type_code,
        remand_class_code,
        is_decision_of_day,
        age_at_hearing,
        residence_code,
        is_counted,
        source_code,
        service_code
    from hearing
    where hearing_date between date '{{ var("yos:calendar_start") }}' and date '{{ var("yos:calendar_end") }}'

)

select * from final
