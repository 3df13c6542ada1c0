-- Who is in a figure, who is out and for which reason: the cases every local figure of children is added up from.
with

cases as (

    select * from {{ ref('int_justice__figure_case') }}

),

case_system_person as (

    select * from {{ ref('int_justice__case_system_person') }}

),

-- the number by which the service's own people know the child; of two records the older
reference as (

    select
        person_key,
        min(person_id) as case_reference
    from case_system_person
    group by person_key

),

final as (

    select
        cases.indicator_id,
        cases.variant_code,
        cases.case_key,
        cases.case_date,
        cases.person_key,
        reference.case_reference,
        cases.geography_key,
        cases.fact_key,
        cases.fact_date,
        cases.numerator,
        cases.denominator,
        cases.is_in,
        cases.reason_code,
        '{{ var("yos:service") }}' as service_code
    from cases
    left join reference on cases.person_key = reference.person_key
    where cases.case_date between date '{{ var("yos:calendar_start") }}' and date '{{ var("yos:calendar_end") }}'

)

select * from final
