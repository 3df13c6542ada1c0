-- Each offence that was proven, by the one outcome that stands for it: the most serious, of equal ones the latest.
-- Diversion proves nothing.
with

outcome as (

    select * from {{ ref('int_justice__outcome') }}

),

offence as (

    select * from {{ ref('int_justice__offence') }}

),

ranked as (

    select
        *,
        row_number() over (
            partition by person_key, offence_key
            order by outcome_rank asc, outcome_date desc, outcome_record_id asc
        ) as proof_number
    from outcome
    where is_substantive and is_standing

),

final as (

    select
        ranked.service_code,
        ranked.outcome_key,
        ranked.offence_key,
        ranked.person_key,
        ranked.offence_type_key,
        ranked.outcome_type_key,
        ranked.geography_key,
        ranked.offence_date,
        ranked.outcome_date,
        ranked.tier_code,
        offence.yjb_category_code,
        offence.yjb_seriousness,
        offence.is_serious_violence,
        offence.is_knife_related,
        ranked.is_aged_10_to_17,
        ranked.is_living_here,
        ranked.is_measured as is_counted
    from ranked
    inner join offence on ranked.offence_key = offence.offence_key
    where ranked.proof_number = 1

)

select * from final
