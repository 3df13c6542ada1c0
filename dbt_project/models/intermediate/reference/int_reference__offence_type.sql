-- Offence codes with their group. Category CB is a breach of an order and never an offence;
-- SE20001 (criminal behaviour order) is CE and an offence like any other.
with

code_offence as (

    select * from {{ ref('code_offence') }}

),

code_offence_group as (

    select * from {{ ref('code_offence_group') }}

),

final as (

    select
        code_offence.code as offence_type_key,
        code_offence.name as offence_name,
        code_offence.ho_class,
        code_offence.category as category_code,
        code_offence.moj_group as offence_group_code,
        code_offence_group.name as offence_group_name,
        code_offence.is_recordable,
        code_offence.category = 'CB' as is_breach,
        code_offence.code like 'BA76%' as is_bail_offence
    from code_offence
    left join code_offence_group on code_offence.moj_group = code_offence_group.code

)

select * from final
