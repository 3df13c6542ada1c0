-- Out-of-court disposal: one row per offence referred to the panel or decided out of court,
-- as known at the as-at date, typed and cleaned.
with

source as (

    select *
    from {{ as_at_slice(source('raw', 'police__out_of_court_disposal')) }} as as_at

),

final as (

    select
        service_code,
        record_id,
        {{ read_asn('asn') }} as asn,
        {{ read_integer('offence_sequence') }} as offence_sequence,
        {{ read_code('cjs_code') }} as cjs_code,
        {{ read_date('offence_date') }} as offence_date,
        {{ read_code('outcome_code') }} as outcome_code,
        {{ read_date('referral_date') }} as referral_date,
        {{ read_date('decision_date') }} as decision_date,
        {{ read_date('issue_date') }} as issue_date
    from source

)

select * from final
