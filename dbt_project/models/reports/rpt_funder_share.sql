-- Who pays which share of the core budget in force; and of it without the service's own reserves.
with

budget_line as (

    select *
    from {{ ref('fct_budget_line') }}
    where is_in_force and funding_stream_code = 'core'

),

contributor as (

    select * from {{ ref('dim_contributor') }}

),

gifts as (

    select
        budget_line.financial_year,
        budget_line.contributor_key,
        contributor.contributor_name,
        contributor.contributor_kind_code,
        contributor.is_reserve,
        sum(budget_line.total_gbp) as core_gbp
    from budget_line
    inner join contributor on budget_line.contributor_key = contributor.contributor_key
    group by
        budget_line.financial_year,
        budget_line.contributor_key,
        contributor.contributor_name,
        contributor.contributor_kind_code,
        contributor.is_reserve

),

totals as (

    select
        financial_year,
        sum(core_gbp) as core_total_gbp,
        sum(core_gbp) filter (where not is_reserve) as without_reserve_gbp
    from gifts
    group by financial_year

),

final as (

    select
        gifts.financial_year,
        gifts.contributor_key,
        gifts.contributor_name,
        gifts.contributor_kind_code,
        gifts.core_gbp::numeric(14, 2) as core_gbp,
        totals.core_total_gbp::numeric(14, 2) as core_total_gbp,
        round(100 * gifts.core_gbp / nullif(totals.core_total_gbp, 0), 1) as share_pct,
        case when not gifts.is_reserve then round(100 * gifts.core_gbp / nullif(totals.without_reserve_gbp, 0), 1) end
            as share_without_reserve_pct,
        '{{ var("yos:service") }}' as service_code
    from gifts
    inner join totals on gifts.financial_year = totals.financial_year

)

select * from final
