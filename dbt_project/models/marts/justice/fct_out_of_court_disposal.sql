-- Offences before the out-of-court panel: referred, decided, delivered.
with

panel_case as (

    select * from {{ ref('int_justice__panel_case') }}

),

final as (

    select
        disposal_key,
        offence_key,
        person_key,
        offence_type_key,
        outcome_type_key,
        geography_key,
        referral_date,
        decision_date,
        issue_date,
        days_to_decision,
        days_to_delivery,
        working_days_to_delivery,
        is_caution,
        is_open,
        case when is_open then {{ as_at_date() }} - coalesce(referral_date, decision_date) end as days_open,
        age_at_arrest_or_offence,
        residence_code,
        service_code
    from panel_case
    where
        coalesce(least(referral_date, decision_date, issue_date) >= date '{{ var("yos:calendar_start") }}', true)
        and coalesce(greatest(referral_date, decision_date, issue_date) <= date '{{ var("yos:calendar_end") }}', true)

)

select * from final
