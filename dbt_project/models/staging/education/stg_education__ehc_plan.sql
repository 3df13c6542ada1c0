-- Education, health and care plan: one row per plan,
-- as known at the as-at date, typed and cleaned.
with

source as (

    select *
    from {{ as_at_slice(source('raw', 'education__ehc_plan')) }} as as_at

),

final as (

    select
        service_code,
        record_id,
        {{ read_text('plan_id') }} as plan_id,
        {{ read_upn('upn') }} as upn,
        {{ read_text('given_name') }} as given_name,
        {{ read_text('family_name') }} as family_name,
        {{ read_date('date_of_birth') }} as date_of_birth,
        {{ read_date('start_date') }} as start_date,
        {{ read_date('end_date') }} as end_date,
        {{ read_code('primary_need') }} as primary_need
    from source

)

select * from final
