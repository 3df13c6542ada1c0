-- Grants by year, every version of the award.
with

award as (

    select * from {{ ref('int_finance__grant') }}

),

final as (

    select
        grant_key,
        contributor_key,
        programme_code,
        financial_year,
        grant_version,
        is_in_force,
        status_code,
        start_date,
        end_date,
        confirmed_date,
        amount_gbp,
        service_code
    from award

)

select * from final
