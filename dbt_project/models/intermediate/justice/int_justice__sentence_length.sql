-- How many days of custody police or court sent for an offence on a day, and whether they follow the others
-- (qualifier F) or run beside them. The police's disposal comes first; the court's result of the same sentence
-- is no second term.
with

offence as (

    select * from {{ ref('int_justice__offence_police') }}

),

disposal as (

    select * from {{ ref('stg_police__disposal') }}

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

map_result_outcome as (

    select * from {{ ref('map_result_outcome') }}

),

outcome_type as (

    select * from {{ ref('int_reference__outcome_type') }}

),

terms as (

    select
        1 as precedence,
        record_id,
        asn || '/' || nullif(offence_sequence, 0) as police_offence_id,
        disposal_date as outcome_date,
        disposal_code as result_code,
        duration_value,
        duration_unit,
        coalesce(qualifier = 'F', false) as is_consecutive
    from disposal
    union all
    select
        2 as precedence,
        court_result.record_id,
        coalesce(
            court_message.asn || '/' || nullif(ref.parse_number(court_offence.offence_sequence)::integer, 0),
            'court_offence/' || court_offence.record_id
        ) as police_offence_id,
        court_message.hearing_date as outcome_date,
        court_result.result_code,
        court_result.duration_value,
        court_result.duration_unit,
        coalesce('F' = any(string_to_array(upper(court_result.qualifiers), ' ')), false) as is_consecutive
    from court_result
    inner join court_message on court_result.message_id = court_message.message_id
    inner join court_offence
        on
            court_result.message_id = court_offence.message_id
            and court_result.offence_number = court_offence.offence_number
    where court_message.is_latest

),

in_days as (

    select
        terms.precedence,
        terms.record_id,
        terms.police_offence_id,
        terms.outcome_date,
        terms.is_consecutive,
        terms.duration_value * case terms.duration_unit
            when 'D' then 1
            when 'W' then 7
            when 'M' then 30.44
            when 'Y' then 365.25
            when 'H' then 1 / 24.0
        end as days
    from terms
    inner join map_result_outcome on terms.result_code = map_result_outcome.result_code
    inner join outcome_type on map_result_outcome.legal_outcome = outcome_type.outcome_type_key
    where outcome_type.is_custody

),

ranked as (

    select
        *,
        row_number() over (
            partition by police_offence_id, outcome_date
            order by precedence asc, days desc, record_id asc
        ) as account_number
    from in_days
    where days is not null

),

final as (

    select
        offence.police_offence_id,
        ranked.outcome_date,
        ranked.days,
        ranked.is_consecutive
    from ranked
    inner join offence on ranked.police_offence_id = offence.police_offence_id
    where ranked.account_number = 1

)

select * from final
