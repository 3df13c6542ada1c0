-- Proven offences of serious violence and with knives as cases of their figures.
with

proven_offence_case as (

    select * from {{ ref('int_justice__proven_offence_case') }}

),

final as (

    select
        figures.indicator_id,
        'DEFAULT' as variant_code,
        'OFFENCE/' || proven_offence_case.offence_key as case_key,
        proven_offence_case.outcome_date as case_date,
        proven_offence_case.person_key,
        proven_offence_case.geography_key,
        proven_offence_case.outcome_key as fact_key,
        proven_offence_case.outcome_date as fact_date,
        1::numeric as numerator,
        0::numeric as denominator,
        proven_offence_case.is_counted as is_in,
        case
            when proven_offence_case.is_counted then 'IN'
            when not proven_offence_case.is_living_here then 'LIVING_ELSEWHERE'
            else 'AGE'
        end as reason_code
    from proven_offence_case
    inner join (
        values ('serious_violence_rate'), ('knife_offences')
    ) as figures (indicator_id)
        on
            case figures.indicator_id
                when 'serious_violence_rate' then proven_offence_case.is_serious_violence
                else proven_offence_case.is_knife_related
            end

)

select * from final
