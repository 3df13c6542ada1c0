-- Where two witnesses contradict each other about a child's education, employment or training.
with

conflict as (

    select * from {{ ref('int_education__conflict') }}

),

final as (

    select
        person_key,
        conflict_code,
        source_code,
        other_source_code,
        first_day,
        last_day,
        is_open,
        provision_type_code,
        other_provision_type_code,
        days,
        service_code
    from conflict
    where first_day between date '{{ var("yos:calendar_start") }}' and date '{{ var("yos:calendar_end") }}'

)

select * from final
