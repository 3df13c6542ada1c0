-- The first substantive outcome of each child's lifetime, wherever it was given, and whether it makes the child a
-- first-time entrant. Rank first, then drop what was given elsewhere, or a child who moves in would count again.
with

outcomes as (

    select * from {{ ref('int_justice__substantive_outcome') }}

),

pnc_check as (

    select * from {{ ref('int_justice__pnc_check') }}

),

ranked as (

    select
        *,
        row_number() over (
            partition by person_key
            order by outcome_date, outcome_rank, outcome_record_id
        ) as lifetime_number
    from outcomes

),

judged as (

    select
        ranked.*,
        coalesce(ranked.age_at_arrest_or_offence between 10 and 17, false)
        and coalesce(ranked.age_at_first_hearing <= 17, true) as is_of_age,
        coalesce(pnc_check.first_disposal_date < ranked.outcome_date, false) as is_known_to_pnc_before,
        case when pnc_check.person_key is null then 'CMS_ONLY' else 'PNC_CHECKED' end as fte_confidence_code
    from ranked
    left join pnc_check on ranked.person_key = pnc_check.person_key
    where ranked.lifetime_number = 1

),

final as (

    select
        outcome_key,
        outcome_record_id,
        person_key,
        outcome_date,
        geography_key,
        fte_confidence_code,
        not is_adult
        and is_of_age
        and is_living_here
        and not is_known_to_pnc_before as is_first_time_entrant,
        case
            when is_adult then 'ADULT'
            when age_at_arrest_or_offence is null then 'AGE_NOT_KNOWN'
            when not is_of_age then 'AGE'
            when not is_living_here then 'LIVING_ELSEWHERE'
            when is_known_to_pnc_before then 'EARLIER_OUTCOME_ON_PNC'
            else 'IN'
        end as reason_code
    from judged

)

select * from final
