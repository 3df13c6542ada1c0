-- Who pays into the service: everybody on a budget, and beside them those whom another list of finance names and
-- ref_contributor knows. A word that stands in a bill or a grant and is neither stays behind: it may be anybody's name.
with

budget_line as (

    select * from {{ ref('stg_finance__budget_line') }}

),

ref_contributor as (

    select * from {{ ref('ref_contributor') }}

),

named_elsewhere as (

    select contributor
    from {{ ref('stg_finance__contribution_invoice') }}
    union
    select contributor
    from {{ ref('stg_finance__grant_award') }}
    union
    select contributor
    from {{ ref('stg_finance__secondment') }}

),

-- The name is the one on the newest budget that prints one.
ranked as (

    select
        contributor,
        printed_label,
        row_number() over (
            partition by contributor
            order by
                (printed_label is not null) desc,
                financial_year desc,
                {{ version_order('version') }} desc,
                version desc,
                printed_label asc
        ) as label_number
    from budget_line
    where contributor is not null

),

members as (

    select
        contributor,
        printed_label
    from ranked
    where label_number = 1
    union all
    select
        named_elsewhere.contributor,
        null as printed_label
    from named_elsewhere
    inner join ref_contributor on named_elsewhere.contributor = ref_contributor.contributor_code
    left join ranked on named_elsewhere.contributor = ranked.contributor and ranked.label_number = 1
    where ranked.contributor is null

),

final as (

    select
        members.contributor as contributor_key,
        coalesce(members.printed_label, initcap(replace(members.contributor, '_', ' '))) as contributor_name,
        coalesce(ref_contributor.contributor_kind_code, 'NOT_KNOWN') as contributor_kind_code,
        coalesce(ref_contributor.is_reserve, false) as is_reserve
    from members
    left join ref_contributor on members.contributor = ref_contributor.contributor_code

)

select * from final
