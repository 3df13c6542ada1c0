-- The budget by contributor and funding stream, every version. Payments in kind are one amount.
with

budget_line as (

    select * from {{ ref('int_finance__budget_line') }}

),

final as (

    select
        budget_line_key,
        coalesce(contributor_key, '-1') as contributor_key,
        financial_year,
        budget_version,
        line_number,
        is_in_force,
        status_code,
        funding_stream_code,
        programme_code,
        staffing_in_kind_gbp,
        other_delegated_gbp,
        total_gbp,
        printed_label,
        service_code
    from budget_line

)

select * from final
