-- Suspensions and exclusions of children from school.
with

exclusion as (

    select * from {{ ref('int_education__exclusion') }}

),

final as (

    select
        person_key,
        start_date,
        exclusion_number,
        category_code,
        reason_1_code,
        reason_2_code,
        reason_3_code,
        sessions,
        sen_provision_code,
        return_term,
        service_code
    from exclusion
    where start_date between date '{{ var("yos:calendar_start") }}' and date '{{ var("yos:calendar_end") }}'

)

select * from final
