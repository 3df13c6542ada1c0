-- Kinds of provision: the Youth Justice Board's, those of participation data beside them, and what nobody said.
with

code_ete_provision as (

    select * from {{ ref('code_ete_provision') }}

),

ref_provision as (

    select * from {{ ref('ref_provision') }}

),

final as (

    select
        code as provision_type_code,
        name as provision_name,
        provision_group as provision_group_code,
        is_eet
    from code_ete_provision
    union all
    select
        provision_type_code,
        provision_name,
        provision_group_code,
        is_eet
    from ref_provision

)

select * from final
