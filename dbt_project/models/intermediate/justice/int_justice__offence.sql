-- Every offence once, whoever witnessed it. The case system's key and account win; the other date and
-- code are kept beside, and a contradiction is flagged.
with

case_system as (

    select * from {{ ref('int_justice__offence_case_system') }}

),

police as (

    select * from {{ ref('int_justice__offence_police') }}

),

offence_match as (

    select * from {{ ref('int_justice__offence_match') }}

),

offence_type as (

    select * from {{ ref('int_reference__offence_type') }}

),

child as (

    select * from {{ ref('int_justice__child') }}

),

case_system_offences as (

    select
        case_system.service_code,
        case_system.offence_key,
        'case_system/' || case_system.record_id as offence_record_id,
        case_system.offence_id,
        police.police_offence_id,
        case_system.person_key,
        coalesce(case_system.cjs_code, police.cjs_code) as cjs_code,
        coalesce(case_system.offence_date, police.offence_date) as offence_date,
        case_system.offence_date as offence_date_case_system,
        police.offence_date as offence_date_police,
        case_system.cjs_code as cjs_code_case_system,
        police.cjs_code as cjs_code_police,
        coalesce(case_system.arrest_date, police.arrest_date) as arrest_date,
        police.charge_date,
        -- least takes the one that is known
        least(case_system.first_hearing_date, police.first_hearing_date) as first_hearing_date,
        coalesce(police.offence_date_precision_code, 'NOT_KNOWN') as offence_date_precision_code,
        case_system.yjb_category_code as yjb_category_sent,
        case_system.yjb_seriousness as yjb_seriousness_sent,
        case_system.is_breach_of_order,
        case_system.is_tic or coalesce(police.is_tic, false) as is_tic,
        case_system.is_knife_related,
        case when police.record_id is null then 'CASE_SYSTEM' else 'BOTH' end as witness_code
    from case_system
    left join offence_match on case_system.record_id = offence_match.case_system_record_id
    left join police on offence_match.police_record_id = police.record_id

),

police_offences as (

    select
        police.service_code,
        police.offence_key,
        'police/' || police.record_id as offence_record_id,
        null as offence_id,
        police.police_offence_id,
        police.person_key,
        police.cjs_code,
        police.offence_date,
        null::date as offence_date_case_system,
        police.offence_date as offence_date_police,
        null as cjs_code_case_system,
        police.cjs_code as cjs_code_police,
        police.arrest_date,
        police.charge_date,
        police.first_hearing_date,
        police.offence_date_precision_code,
        null as yjb_category_sent,
        null::integer as yjb_seriousness_sent,
        false as is_breach_of_order,
        police.is_tic,
        false as is_knife_related,
        'POLICE' as witness_code
    from police
    left join offence_match on police.record_id = offence_match.police_record_id
    where offence_match.police_record_id is null

),

both_witnesses as (

    select * from case_system_offences
    union all
    select * from police_offences

),

typed as (

    select
        both_witnesses.*,
        coalesce(both_witnesses.arrest_date, both_witnesses.offence_date) as arrest_or_offence_date,
        coalesce(offence_type.offence_type_key, '-1') as offence_type_key,
        -- what the case system sends wins, our map by code is for the rest
        coalesce(both_witnesses.yjb_category_sent, offence_type.yjb_category_code, 'NOT_KNOWN') as yjb_category_code,
        coalesce(both_witnesses.yjb_seriousness_sent, offence_type.yjb_seriousness) as yjb_seriousness,
        coalesce(offence_type.is_breach, false) as is_breach_by_code,
        coalesce(offence_type.is_bail_offence, false) as is_bail_offence,
        coalesce(offence_type.is_recordable, true) as is_recordable,
        coalesce(offence_type.is_knife_offence, false) as is_knife_offence
    from both_witnesses
    left join offence_type on both_witnesses.cjs_code = offence_type.offence_type_key

),

final as (

    select
        typed.service_code,
        typed.offence_key,
        typed.offence_record_id,
        typed.offence_id,
        typed.police_offence_id,
        -- a key that is no child of ours (withdrawn at the source) is not known here
        coalesce(child.person_key, -1) as person_key,
        child.date_of_birth,
        typed.cjs_code,
        typed.offence_type_key,
        typed.offence_date,
        typed.offence_date_case_system,
        typed.offence_date_police,
        typed.offence_date_precision_code,
        typed.arrest_date,
        typed.arrest_or_offence_date,
        typed.charge_date,
        typed.first_hearing_date,
        {{ completed_years('typed.offence_date', 'child.date_of_birth') }} as age_at_offence,
        {{ completed_years('typed.arrest_or_offence_date', 'child.date_of_birth') }} as age_at_arrest_or_offence,
        {{ completed_years('typed.first_hearing_date', 'child.date_of_birth') }} as age_at_first_hearing,
        typed.yjb_category_code,
        typed.yjb_seriousness,
        typed.is_breach_of_order or typed.is_breach_by_code as is_breach,
        typed.is_bail_offence,
        typed.is_recordable,
        typed.is_tic,
        coalesce(
            typed.yjb_category_code in ('DRUGS', 'ROBBERY', 'VIOLENCE_AGAINST_THE_PERSON')
            and typed.yjb_seriousness between 5 and 8, false
        ) as is_serious_violence,
        typed.is_knife_related or typed.is_knife_offence as is_knife_related,
        typed.witness_code,
        typed.witness_code = 'BOTH' and (
            typed.offence_date_case_system is distinct from typed.offence_date_police
            or typed.cjs_code_case_system is distinct from typed.cjs_code_police
        ) as is_disagreement
    from typed
    left join child on typed.person_key = child.person_key

)

select * from final
