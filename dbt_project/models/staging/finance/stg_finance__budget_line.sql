-- Budget line: one row per contributor and funding stream in one version of a year's budget,
-- as known at the as-at date, typed and cleaned.
with

source as (

    select *
    from {{ as_at_slice(source('raw', 'finance__budget_line')) }} as as_at

),

final as (

    select
        service_code,
        record_id,
        case
            when {{ read_text('financial_year') }} is null then {{ financial_year('business_date') }}
            else {{ read_financial_year('financial_year') }}
        end as financial_year,
        {{ read_version('version') }} as version,
        coalesce({{ read_code('status') }}, 'NOT_STATED') as status,
        lower({{ read_code('contributor') }}) as contributor,
        lower({{ read_code('funding_stream') }}) as funding_stream,
        case
            when {{ read_text('programme') }} is not null then coalesce({{ read_code('programme') }}, 'NOT_KNOWN')
        end as programme,
        coalesce({{ read_money('staffing_in_kind_gbp') }}, 0)::numeric(14, 2) as staffing_in_kind_gbp,
        {{ read_money('payments_in_kind_gbp') }} as payments_in_kind_gbp,
        coalesce({{ read_money('other_delegated_gbp') }}, 0)::numeric(14, 2) as other_delegated_gbp,
        {{ read_money('total_gbp') }} as total_gbp,
        {{ read_text('printed_label') }} as printed_label,
        row_number,
        business_date as delivery_date,
        load_id
    from source

)

select * from final
