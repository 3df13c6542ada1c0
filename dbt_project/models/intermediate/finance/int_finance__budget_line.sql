-- Budget lines with their key; of each year the newest version is the one in force. Payments in kind
-- are printed twice by the board (as staffing and as in kind) and are one amount here.
with

budget_line as (

    select * from {{ ref('stg_finance__budget_line') }}

),

record_link as (

    select * from {{ ref('int_identity__record_link') }}
    where feed = 'finance' and entity = 'budget_line'

),

map_programme as (

    select * from {{ ref('map_programme') }}

),

ranked as (

    select
        *,
        dense_rank() over (
            partition by financial_year
            order by {{ version_order('version') }} desc, version desc
        ) as version_number_from_newest,
        row_number() over (
            partition by financial_year, version
            order by row_number, record_id
        )::integer as line_number
    from budget_line

),

final as (

    select
        ranked.service_code,
        record_link.record_key as budget_line_key,
        ranked.contributor as contributor_key,
        ranked.financial_year,
        ranked.version as budget_version,
        ranked.line_number,
        {{ one_of('ranked.status', ['CONFIRMED', 'INDICATIVE', 'NOT_STATED']) }} as status_code,
        {{ one_of('ranked.funding_stream', ['core', 'additional']) }} as funding_stream_code,
        case
            when ranked.funding_stream = 'core' then 'CORE'
            else coalesce(map_programme.programme_code, 'UNMAPPED')
        end as programme_code,
        ranked.staffing_in_kind_gbp,
        ranked.other_delegated_gbp,
        (ranked.staffing_in_kind_gbp + ranked.other_delegated_gbp)::numeric(14, 2) as total_gbp,
        ranked.total_gbp as printed_total_gbp,
        ranked.printed_label,
        ranked.version_number_from_newest = 1 as is_in_force,
        ranked.delivery_date,
        ranked.load_id
    from ranked
    left join map_programme on coalesce(ranked.programme, upper(ranked.contributor)) = map_programme.code
    left join record_link on ranked.record_id = record_link.source_id

)

select * from final
