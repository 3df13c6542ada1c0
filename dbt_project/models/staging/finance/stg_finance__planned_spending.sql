-- Planned spending: one row per cost centre, subjective and project in one version of the ledger's budget of a year,
-- as known at the as-at date, typed and cleaned.
with

source as (

    select *
    from {{ as_at_slice(source('raw', 'finance__planned_spending')) }} as as_at

),

final as (

    select
        service_code,
        record_id,
        {{ read_financial_year('financial_year') }} as financial_year,
        {{ read_version('version') }} as version,
        {{ read_code('cost_centre') }} as cost_centre,
        {{ read_code('subjective') }} as subjective,
        case
            when {{ read_text('project') }} is not null then coalesce({{ read_code('project') }}, 'NOT_KNOWN')
        end as project,
        {{ read_money('amount_gbp') }} as amount_gbp
    from source

)

select * from final
