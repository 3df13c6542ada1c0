-- What a child was sentenced to on one day, however many offences it was for. The most serious disposal stands for
-- the day, one that is counted before one that is not; custody lasts as long as the longest of the terms that run
-- together and the sum of those that follow.
with

outcome as (

    select * from {{ ref('int_justice__outcome') }}

),

offence as (

    select * from {{ ref('int_justice__offence') }}

),

sentence_length as (

    select * from {{ ref('int_justice__sentence_length') }}

),

disposal as (

    select
        *,
        row_number() over (
            partition by person_key, outcome_date
            order by is_measured desc, outcome_rank asc, outcome_record_id asc
        ) as seriousness
    from outcome
    where is_court_disposal and is_standing

),

custody as (

    select
        disposal.person_key,
        disposal.outcome_date,
        disposal.offence_key,
        max(sentence_length.days) as days,
        bool_or(sentence_length.is_consecutive) as is_consecutive
    from disposal
    inner join offence on disposal.offence_key = offence.offence_key
    inner join sentence_length
        on
            offence.police_offence_id = sentence_length.police_offence_id
            and disposal.outcome_date = sentence_length.outcome_date
    where disposal.is_custody
    group by disposal.person_key, disposal.outcome_date, disposal.offence_key

),

custody_of_day as (

    select
        person_key,
        outcome_date,
        coalesce(max(days) filter (where not is_consecutive), 0)
        + coalesce(sum(days) filter (where is_consecutive), 0) as custody_days
    from custody
    group by person_key, outcome_date

),

of_day as (

    select
        person_key,
        outcome_date,
        count(distinct offence_key)::integer as offences
    from disposal
    group by person_key, outcome_date

),

final as (

    select
        disposal.service_code,
        disposal.outcome_key as occasion_key,
        disposal.person_key,
        disposal.outcome_type_key,
        disposal.geography_key,
        disposal.outcome_date,
        disposal.tier_code,
        of_day.offences,
        disposal.is_custody,
        round(custody_of_day.custody_days, 2) as custody_days,
        disposal.age_at_first_hearing,
        disposal.age_for_measures,
        disposal.residence_code,
        disposal.is_measured as is_counted
    from disposal
    inner join of_day
        on disposal.person_key = of_day.person_key and disposal.outcome_date = of_day.outcome_date
    left join custody_of_day
        on
            disposal.person_key = custody_of_day.person_key
            and disposal.outcome_date = custody_of_day.outcome_date
    where disposal.seriousness = 1

)

select * from final
