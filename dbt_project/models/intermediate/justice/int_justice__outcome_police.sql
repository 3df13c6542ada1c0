-- What police and courts say was decided on an offence: disposal, final court result or out-of-court
-- disposal, mapped to legal outcomes. A remand, an adjournment or a requirement is no outcome.
with

offence as (

    select * from {{ ref('int_justice__offence_police') }}

),

disposal as (

    select * from {{ ref('stg_police__disposal') }}

),

out_of_court_disposal as (

    select * from {{ ref('stg_police__out_of_court_disposal') }}

),

court_message as (

    select * from {{ ref('stg_police__court_message') }}

),

court_offence as (

    select * from {{ ref('stg_police__court_offence') }}

),

court_result as (

    select * from {{ ref('stg_police__court_result') }}

),

code_result as (

    select * from {{ ref('code_result') }}

),

map_result_outcome as (

    select * from {{ ref('map_result_outcome') }}

),

code_crime_outcome as (

    select * from {{ ref('code_crime_outcome') }}

),

record_link as (

    select * from {{ ref('int_identity__record_link') }}

),

-- The verdict "guilty of an alternative" is not guilty of this offence.
decisions as (

    select
        1 as precedence,
        'disposal' as entity,
        disposal.record_id,
        coalesce(
            disposal.asn || '/' || nullif(disposal.offence_sequence, 0), 'disposal/' || disposal.record_id
        ) as police_offence_id,
        disposal.disposal_date as outcome_date,
        map_result_outcome.legal_outcome,
        map_result_outcome.result_role,
        'POLICE' as source_code
    from disposal
    inner join map_result_outcome on disposal.disposal_code = map_result_outcome.result_code
    union all
    select
        2 as precedence,
        'court_result' as entity,
        court_result.record_id,
        coalesce(
            court_message.asn || '/' || nullif(ref.parse_number(court_offence.offence_sequence)::integer, 0),
            'court_offence/' || court_offence.record_id
        ) as police_offence_id,
        court_message.hearing_date as outcome_date,
        case
            when map_result_outcome.result_role = 'SENTENCE' and court_offence.finding in ('N', 'A')
                then 'NOT_GUILTY'
            else map_result_outcome.legal_outcome
        end as legal_outcome,
        map_result_outcome.result_role,
        'COURT' as source_code
    from court_result
    inner join court_message on court_result.message_id = court_message.message_id
    inner join court_offence
        on
            court_result.message_id = court_offence.message_id
            and court_result.offence_number = court_offence.offence_number
    inner join code_result on court_result.result_code = code_result.code
    inner join map_result_outcome on court_result.result_code = map_result_outcome.result_code
    where court_message.is_latest and code_result.result_type = 'F'
    union all
    select
        3 as precedence,
        'out_of_court_disposal' as entity,
        out_of_court_disposal.record_id,
        coalesce(
            out_of_court_disposal.asn || '/' || nullif(out_of_court_disposal.offence_sequence, 0),
            'out_of_court_disposal/' || out_of_court_disposal.record_id
        ) as police_offence_id,
        coalesce(out_of_court_disposal.issue_date, out_of_court_disposal.decision_date) as outcome_date,
        code_crime_outcome.legal_outcome,
        'SENTENCE' as result_role,
        'POLICE' as source_code
    from out_of_court_disposal
    inner join code_crime_outcome on out_of_court_disposal.outcome_code = code_crime_outcome.code

),

with_outcome as (

    select
        *,
        bool_or(result_role = 'SENTENCE') over (
            partition by police_offence_id, outcome_date
        ) as has_sentence
    from decisions
    where legal_outcome is not null and outcome_date is not null

),

-- Compensation is an outcome only as the sole sentence.
ranked as (

    select
        *,
        row_number() over (
            partition by police_offence_id, legal_outcome
            order by precedence, outcome_date, record_id
        ) as account_number
    from with_outcome
    where result_role <> 'ANCILLARY' or not has_sentence

),

final as (

    select
        offence.service_code,
        record_link.record_key as outcome_key,
        'police/' || ranked.entity || '/' || ranked.record_id as outcome_record_id,
        ranked.police_offence_id,
        ranked.outcome_date,
        ranked.legal_outcome,
        ranked.source_code
    from ranked
    inner join offence on ranked.police_offence_id = offence.police_offence_id
    left join record_link
        on
            ranked.record_id = record_link.source_id
            and record_link.feed = 'police'
            and ranked.entity = record_link.entity
    where ranked.account_number = 1

)

select * from final
