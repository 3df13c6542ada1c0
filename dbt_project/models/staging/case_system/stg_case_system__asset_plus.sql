-- AssetPlus assessment: one row per assessment of a child,
-- as known at the as-at date, typed and cleaned.
with

source as (

    select *
    from {{ as_at_slice(source('raw', 'case_system__asset_plus')) }} as as_at

),

final as (

    select
        service_code,
        record_id,
        {{ read_text('assessment_id') }} as assessment_id,
        {{ read_text('person_id') }} as person_id,
        {{ read_date('assessment_date') }} as assessment_date,
        {{ read_code('stage') }} as stage,
        {{ read_code('likelihood_of_reoffending') }} as likelihood_of_reoffending,
        case when {{ read_decimal('yogrs') }} between 0 and 100 then {{ read_decimal('yogrs') }} end as yogrs
    from source

)

select * from final
