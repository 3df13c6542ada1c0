-- Staff that partners lend, without names.
with

secondment as (

    select * from {{ ref('int_finance__secondment') }}

),

final as (

    select
        secondment_key,
        contributor_key,
        role_code,
        whole_time_equivalent,
        {{ calendar_day('start_date') }} as start_date,
        end_date,
        annual_value_gbp,
        service_code
    from secondment

)

select * from final
