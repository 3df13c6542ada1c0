-- Offences referred to the out-of-court panel or decided out of court, with the days of referral, decision and
-- delivery. What was decided is the case system's word where it has one: the police's number of a youth
-- conditional caution is that of a youth caution.
with

disposal as (

    select * from {{ ref('stg_police__out_of_court_disposal') }}

),

offence as (

    select * from {{ ref('int_justice__offence') }}

),

outcome as (

    select * from {{ ref('int_justice__outcome') }}

),

outcome_type as (

    select * from {{ ref('int_reference__outcome_type') }}

),

calendar as (

    select * from {{ ref('int_reference__calendar') }}

),

code_crime_outcome as (

    select * from {{ ref('code_crime_outcome') }}

),

record_link as (

    select * from {{ ref('int_identity__record_link') }}

),

residence as (

    select * from {{ ref('int_justice__residence') }}

),

decided as (

    select
        outcome.offence_key,
        outcome.outcome_type_key,
        outcome_type.tier_code in ('PRE_COURT', 'DIVERSION') as is_out_of_court,
        row_number() over (
            partition by outcome.offence_key
            order by
                outcome_type.tier_code in ('PRE_COURT', 'DIVERSION') desc,
                outcome.outcome_rank asc,
                outcome.outcome_record_id asc
        ) as outcome_number
    from outcome
    inner join outcome_type on outcome.outcome_type_key = outcome_type.outcome_type_key

),

with_offence as (

    select
        disposal.service_code,
        record_link.record_key as disposal_key,
        disposal.record_id,
        offence.offence_key,
        offence.person_key,
        offence.date_of_birth,
        offence.offence_type_key,
        disposal.outcome_code,
        coalesce(
            case when decided.is_out_of_court then decided.outcome_type_key end,
            code_crime_outcome.legal_outcome,
            decided.outcome_type_key,
            case when disposal.outcome_code is null or code_crime_outcome.code is not null then '-2' end,
            '-1'
        ) as outcome_type_key,
        disposal.referral_date,
        disposal.decision_date,
        disposal.issue_date,
        coalesce(disposal.issue_date, disposal.decision_date, disposal.referral_date) as panel_date,
        offence.charge_date,
        offence.age_at_arrest_or_offence
    from disposal
    inner join offence
        on
            coalesce(
                disposal.asn || '/' || nullif(disposal.offence_sequence, 0),
                'out_of_court_disposal/' || disposal.record_id
            ) = offence.police_offence_id
    left join decided on offence.offence_key = decided.offence_key and decided.outcome_number = 1
    left join code_crime_outcome on disposal.outcome_code = code_crime_outcome.code
    left join record_link
        on
            disposal.record_id = record_link.source_id
            and record_link.feed = 'police'
            and record_link.entity = 'out_of_court_disposal'

),

living_at as (

    {{ living_at('with_offence', 'record_id', 'panel_date') }}

),

final as (

    select
        with_offence.service_code,
        with_offence.disposal_key,
        with_offence.record_id,
        with_offence.offence_key,
        with_offence.person_key,
        with_offence.offence_type_key,
        with_offence.outcome_type_key,
        coalesce(living_at.geography_key, '-1') as geography_key,
        with_offence.referral_date,
        with_offence.decision_date,
        with_offence.issue_date,
        with_offence.decision_date - with_offence.referral_date as days_to_decision,
        with_offence.issue_date - with_offence.decision_date as days_to_delivery,
        day_of_issue.working_day_number - day_of_decision.working_day_number as working_days_to_delivery,
        with_offence.age_at_arrest_or_offence,
        case
            when living_at.is_local then 'LOCAL'
            when not living_at.is_local then 'OTHER'
            else 'NOT_KNOWN'
        end as residence_code,
        with_offence.outcome_type_key in ('YOUTH_CAUTION', 'YOUTH_CONDITIONAL_CAUTION') as is_caution,
        -- charged or decided by a court, an offence waits for no panel
        with_offence.issue_date is null
        and with_offence.charge_date is null
        and (
            with_offence.outcome_type_key in (
                'YOUTH_CAUTION', 'YOUTH_CONDITIONAL_CAUTION', 'COMMUNITY_RESOLUTION'
            )
            or (with_offence.outcome_code is null and with_offence.outcome_type_key = '-2')
        ) as is_open
    from with_offence
    left join calendar as day_of_decision on with_offence.decision_date = day_of_decision.date_key
    left join calendar as day_of_issue on with_offence.issue_date = day_of_issue.date_key
    left join living_at on with_offence.record_id = living_at.record_id

)

select * from final
