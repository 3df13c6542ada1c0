-- Conditions of grants and how they stand.
with

grant_condition as (

    select * from {{ ref('int_finance__grant_condition') }}

),

final as (

    select
        grant_condition_key,
        contributor_key,
        programme_code,
        condition_code,
        {{ calendar_day('due_date') }} as due_date,
        met_date,
        state_code,
        service_code
    from grant_condition

)

select * from final
