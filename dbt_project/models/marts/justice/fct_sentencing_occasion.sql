-- Days on which a child was sentenced, each once.
with

sentencing_occasion as (

    select * from {{ ref('int_justice__sentencing_occasion') }}

),

final as (

    select
        occasion_key,
        person_key,
        outcome_type_key,
        geography_key,
        outcome_date,
        tier_code,
        offences,
        is_custody,
        custody_days,
        age_at_first_hearing,
        residence_code,
        is_counted,
        service_code
    from sentencing_occasion
    where outcome_date between date '{{ var("yos:calendar_start") }}' and date '{{ var("yos:calendar_end") }}'

)

select * from final
