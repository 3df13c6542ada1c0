-- Legal outcomes with tier and order of seriousness.
with

outcome_type as (

    select * from {{ ref('int_reference__outcome_type') }}

),

final as (

    select
        outcome_type_key,
        outcome_name,
        tier_code,
        outcome_rank,
        is_substantive,
        is_custody,
        is_court_disposal
    from outcome_type
    union all
    select
        '-1' as outcome_type_key,
        'Not in the code list' as outcome_name,
        'UNMAPPED' as tier_code,
        99 as outcome_rank,
        false as is_substantive,
        false as is_custody,
        false as is_court_disposal
    union all
    select
        '-2' as outcome_type_key,
        'Not applicable' as outcome_name,
        'UNMAPPED' as tier_code,
        99 as outcome_rank,
        false as is_substantive,
        false as is_custody,
        false as is_court_disposal

)

select * from final
