-- Grant: one row per grant and financial year in one version of the award,
-- as known at the as-at date, typed and cleaned.
with

source as (

    select *
    from {{ as_at_slice(source('raw', 'finance__grant_award')) }} as as_at

),

final as (

    select
        service_code,
        record_id,
        {{ read_text('grant_id') }} as grant_id,
        {{ read_financial_year('financial_year') }} as financial_year,
        {{ read_version('version') }} as version,
        lower({{ read_code('contributor') }}) as contributor,
        case
            when {{ read_text('programme') }} is not null then coalesce({{ read_code('programme') }}, 'NOT_KNOWN')
        end as programme,
        {{ read_money('amount_gbp') }} as amount_gbp,
        {{ read_code('status') }} as status,
        {{ read_date('start_date') }} as start_date,
        {{ read_date('end_date') }} as end_date,
        {{ read_date('confirmed_on') }} as confirmed_on
    from source

)

select * from final
