-- Legal outcome: one row per legal outcome of an offence,
-- as known at the as-at date, typed and cleaned.
with

source as (

    select *
    from {{ as_at_slice(source('raw', 'case_system__offence_outcome')) }} as as_at

),

final as (

    select
        service_code,
        record_id,
        {{ read_text('outcome_id') }} as outcome_id,
        {{ read_text('offence_id') }} as offence_id,
        {{ read_date('outcome_date') }} as outcome_date,
        {{ read_code('legal_outcome') }} as legal_outcome,
        {{ read_code('appeal_status') }} as appeal_status,
        {{ read_code('residence_status') }} as residence_status,
        {{ read_text('hearing_id') }} as hearing_id,
        {{ read_boolean('is_substantive') }} as is_substantive
    from source

)

select * from final
