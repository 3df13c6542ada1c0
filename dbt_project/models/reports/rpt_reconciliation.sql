-- Every comparison of the money with what somebody states of it, as rows.
with

reconciliation as (

    select * from {{ ref('int_finance__reconciliation') }}

),

final as (

    select
        check_code,
        financial_year,
        period,
        budget_version,
        subject_code,
        expected_gbp,
        found_gbp,
        difference_gbp,
        expected_lines,
        found_lines,
        outcome_code,
        delivery_date,
        load_id,
        service_code
    from reconciliation

)

select * from final
