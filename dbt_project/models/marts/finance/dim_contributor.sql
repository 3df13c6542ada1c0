-- Who pays into the service. The name is the one on the newest budget that prints one.
with

budget_line as (

    select * from {{ ref('int_finance__budget_line') }}

),

ranked as (

    select
        contributor_key,
        printed_label,
        row_number() over (
            partition by contributor_key
            order by
                (printed_label is not null) desc,
                financial_year desc,
                budget_version desc,
                printed_label asc
        ) as label_number
    from budget_line
    where contributor_key is not null

),

members as (

    select
        contributor_key,
        coalesce(printed_label, initcap(replace(contributor_key, '_', ' '))) as contributor_name
    from ranked
    where label_number = 1
    union all
    select
        '-1' as contributor_key,
        'Not known' as contributor_name

),

final as (

    select
        contributor_key,
        contributor_name,
        '{{ var("yos:service") }}' as service_code
    from members

)

select * from final
