-- The budget as the board prints it: core lines in the order of the file, their total, additional lines, the total of
-- all. Seconded staff are printed twice, as staffing and as payments in kind: one amount, counted once by every total.
with

budget_line as (

    select * from {{ ref('fct_budget_line') }}

),

lines as (

    select
        *,
        case when funding_stream_code = 'core' then 1 else 3 end as part,
        case when funding_stream_code = 'core' then 'CONTRIBUTOR' else 'ADDITIONAL' end as row_kind_code
    from budget_line

),

totals as (

    select
        lines.financial_year,
        lines.budget_version,
        total.part,
        total.row_kind_code,
        case when bool_or(lines.status_code = 'INDICATIVE') then 'INDICATIVE' else min(lines.status_code) end
            as status_code,
        bool_or(lines.is_in_force) as is_in_force,
        sum(lines.staffing_in_kind_gbp) as staffing_in_kind_gbp,
        sum(lines.other_delegated_gbp) as other_delegated_gbp,
        sum(lines.total_gbp) as total_gbp
    from lines
    cross join (values (2, 'CORE_TOTAL'), (4, 'GRAND_TOTAL')) as total (part, row_kind_code)
    where lines.part < total.part
    group by lines.financial_year, lines.budget_version, total.part, total.row_kind_code

),

rows_of_both as (

    select
        financial_year,
        budget_version,
        part,
        line_number,
        row_kind_code,
        contributor_key,
        printed_label as label,
        status_code,
        is_in_force,
        staffing_in_kind_gbp,
        other_delegated_gbp,
        total_gbp
    from lines
    union all
    select
        financial_year,
        budget_version,
        part,
        0 as line_number,
        row_kind_code,
        null as contributor_key,
        case when part = 2 then 'Total' else 'Total YOS budget' end as label,
        status_code,
        is_in_force,
        staffing_in_kind_gbp,
        other_delegated_gbp,
        total_gbp
    from totals

),

final as (

    select
        financial_year,
        budget_version,
        row_number() over (
            partition by financial_year, budget_version
            order by part, line_number, contributor_key, label
        )::integer as row_number,
        row_kind_code,
        contributor_key,
        label,
        status_code,
        is_in_force,
        -- below the core table the board prints the total alone; nothing is printed where nothing is given
        case when part <= 2 then nullif(staffing_in_kind_gbp, 0) end::numeric(14, 2) as printed_staffing_costs_gbp,
        case when part <= 2 then nullif(staffing_in_kind_gbp, 0) end::numeric(14, 2) as printed_payments_in_kind_gbp,
        case when part <= 2 then nullif(other_delegated_gbp, 0) end::numeric(14, 2) as printed_other_delegated_gbp,
        staffing_in_kind_gbp::numeric(14, 2) as staffing_in_kind_gbp,
        other_delegated_gbp::numeric(14, 2) as other_delegated_gbp,
        total_gbp::numeric(14, 2) as total_gbp,
        '{{ var("yos:service") }}' as service_code
    from rows_of_both

)

select * from final
