-- Legal outcomes with tier, order of seriousness (1 is the most serious) and what they count as.
with

code_legal_outcome as (

    select * from {{ ref('code_legal_outcome') }}

),

final as (

    select
        code as outcome_type_key,
        name as outcome_name,
        tier as tier_code,
        outcome_rank,
        is_substantive,
        is_custody,
        is_court_disposal
    from code_legal_outcome

)

select * from final
