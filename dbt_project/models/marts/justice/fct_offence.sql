-- Every offence once, from case system and police together.
with

offence as (

    select * from {{ ref('int_justice__offence') }}

),

final as (

    select
        offence_key,
        person_key,
        offence_type_key,
        offence_date,
        offence_date_precision_code,
        arrest_date,
        charge_date,
        first_hearing_date,
        offence_date_police,
        age_at_offence,
        age_at_arrest_or_offence,
        age_at_first_hearing,
        yjb_category_code,
        yjb_seriousness,
        is_breach,
        is_bail_offence,
        is_tic,
        is_serious_violence,
        is_knife_related,
        witness_code,
        is_disagreement,
        service_code
    from offence
    where offence_date between date '{{ var("yos:calendar_start") }}' and date '{{ var("yos:calendar_end") }}'

)

select * from final
