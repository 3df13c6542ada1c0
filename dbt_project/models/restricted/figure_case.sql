-- Who is in a figure, who is out and for which reason: the cases every local figure of children is added up from.
with

cases as (

    select * from {{ ref('int_justice__figure_case') }}

),

named as (

    select * from {{ ref('int_justice__named_child') }}

),

final as (

    select
        cases.indicator_id,
        cases.variant_code,
        cases.case_key,
        cases.case_date,
        cases.person_key,
        named.person_id as case_reference,
        cases.geography_key,
        cases.fact_key,
        cases.fact_date,
        cases.numerator,
        cases.denominator,
        cases.is_in,
        cases.reason_code,
        '{{ var("yos:service") }}' as service_code
    from cases
    left join named on cases.person_key = named.person_key
    where cases.case_date between date '{{ var("yos:calendar_start") }}' and date '{{ var("yos:calendar_end") }}'

)

select * from final
