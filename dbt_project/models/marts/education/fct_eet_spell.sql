-- Spells of education, employment and training, by each witness that told of them.
with

spell as (

    select * from {{ ref('int_education__spell') }}

),

final as (

    select
        person_key,
        source_code,
        start_date,
        spell_number,
        end_date,
        is_end_estimated,
        is_lapsed,
        is_eet,
        provision_type_code,
        hours_offered,
        hours_attended,
        hours_estimated,
        hours_band_code,
        suitability_code,
        is_school_age_at_start,
        is_school_age_at_end,
        precedence,
        concurrent_spells,
        other_witness_spells,
        service_code
    from spell
    where start_date between date '{{ var("yos:calendar_start") }}' and date '{{ var("yos:calendar_end") }}'

)

select * from final
