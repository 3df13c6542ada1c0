-- Who pays into the service. The name is the one on the newest budget that prints one.
with

budget_line as (

    select * from {{ ref('int_finance__budget_line') }}

),

named as (

    select
        contributor_key,
        (array_agg(printed_label order by financial_year desc, budget_version desc, printed_label)
            filter (where printed_label is not null))[1] as printed_label
    from budget_line
    group by contributor_key

),

members as (

    select
        contributor_key,
        coalesce(printed_label, initcap(replace(contributor_key, '_', ' '))) as contributor_name
    from named
    where contributor_key is not null
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
