-- What share of a cohort's reoffences the few with the most committed. Never of fewer than five children.
with

cohort_member as (

    select * from {{ ref('fct_cohort_member') }}

),

cohort as (

    select * from {{ ref('dim_cohort') }}

),

ranked as (

    select
        cohort_code,
        reoffences,
        row_number() over (partition by cohort_code order by reoffences desc) as place,
        count(*) over (partition by cohort_code) as reoffenders,
        sum(reoffences) over (partition by cohort_code) as reoffences_of_all
    from cohort_member
    where is_in_cohort and is_reoffender

),

shares as (

    select
        ranked.cohort_code,
        top.children as top_children,
        max(ranked.reoffenders) as reoffenders,
        round(100 * sum(ranked.reoffences) / max(ranked.reoffences_of_all), 1) as share_of_reoffences
    from ranked
    cross join (values (5), (10), (20)) as top (children)
    where ranked.place <= top.children
    group by ranked.cohort_code, top.children

),

final as (

    select
        shares.cohort_code,
        shares.top_children,
        cohort.rule_code,
        cohort.cohort_name,
        shares.share_of_reoffences,
        cohort.source_basis,
        cohort.service_code
    from shares
    inner join cohort on shares.cohort_code = cohort.cohort_code
    where
        shares.top_children >= {{ var('yos:small_number') }}
        -- nor where the rest would be fewer
        and shares.reoffenders - shares.top_children >= {{ var('yos:small_number') }}

)

select * from final
