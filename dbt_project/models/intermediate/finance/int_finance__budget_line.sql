-- Budget lines with their key; of each year the newest version is the one in force. Payments in kind
-- are printed twice by the board (as staffing and as in kind) and are one amount here.
with

budget_line as (

    select * from {{ ref('stg_finance__budget_line') }}

),

record_link as (

    select * from {{ ref('int_identity__record_link') }}

),

ranked as (

    select
        *,
        dense_rank() over (
            partition by financial_year
            order by coalesce(ref.parse_number(version), 0) desc, version desc
        ) as version_number_from_newest
    from budget_line

),

final as (

    select
        ranked.service_code,
        record_link.record_key as budget_line_key,
        ranked.contributor as contributor_key,
        ranked.financial_year,
        ranked.version as budget_version,
        ranked.status as status_code,
        ranked.funding_stream as funding_stream_code,
        ranked.staffing_in_kind_gbp,
        ranked.other_delegated_gbp,
        (ranked.staffing_in_kind_gbp + ranked.other_delegated_gbp)::numeric(14, 2) as total_gbp,
        ranked.total_gbp as printed_total_gbp,
        ranked.printed_label,
        ranked.version_number_from_newest = 1 as is_in_force
    from ranked
    left join record_link
        on
            ranked.record_id = record_link.source_id
            and record_link.feed = 'finance'
            and record_link.entity = 'budget_line'

)

select * from final
