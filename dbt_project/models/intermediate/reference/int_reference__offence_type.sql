-- Offence codes with their group. Category CB is a breach of an order and never an offence;
-- SE20001 (criminal behaviour order) is CE and an offence like any other.
-- Category and score of the Youth Justice Board from the first line of map_offence_yjb that fits:
-- the code itself, a breach, the Home Office subclass, its class, the Ministry of Justice group.
with

code_offence as (

    select * from {{ ref('code_offence') }}

),

code_offence_group as (

    select * from {{ ref('code_offence_group') }}

),

code_yjb_offence_category as (

    select * from {{ ref('code_yjb_offence_category') }}

),

map_offence_yjb as (

    select * from {{ ref('map_offence_yjb') }}

),

mapped as (

    select
        code_offence.code as offence_type_key,
        code_offence.name as offence_name,
        code_offence.ho_class,
        code_offence.category as category_code,
        code_offence.moj_group as offence_group_code,
        code_offence_group.name as offence_group_name,
        code_offence.is_recordable,
        code_offence.category = 'CB' as is_breach,
        code_offence.code like 'BA76%' as is_bail_offence,
        -- a blade or point, an offensive weapon in a public place (domain.md 1.8)
        code_offence.code in ('CJ88144', 'PC53001') as is_knife_offence,
        coalesce(
            by_code.yjb_category_code, by_category.yjb_category_code, by_subclass.yjb_category_code,
            by_class.yjb_category_code, by_group.yjb_category_code
        ) as yjb_category_code,
        coalesce(
            by_code.yjb_seriousness, by_category.yjb_seriousness, by_subclass.yjb_seriousness,
            by_class.yjb_seriousness, by_group.yjb_seriousness
        ) as yjb_seriousness
    from code_offence
    left join code_offence_group on code_offence.moj_group = code_offence_group.code
    left join map_offence_yjb as by_code
        on by_code.match_kind = 'CJS_CODE' and code_offence.code = by_code.match_code
    left join map_offence_yjb as by_category
        on by_category.match_kind = 'OFFENCE_CATEGORY' and code_offence.category = by_category.match_code
    left join map_offence_yjb as by_subclass
        on by_subclass.match_kind = 'HO_SUBCLASS' and code_offence.ho_class = by_subclass.match_code
    left join map_offence_yjb as by_class
        on by_class.match_kind = 'HO_CLASS' and split_part(code_offence.ho_class, '/', 1) = by_class.match_code
    left join map_offence_yjb as by_group
        on by_group.match_kind = 'MOJ_GROUP' and code_offence.moj_group = by_group.match_code

),

final as (

    select
        mapped.offence_type_key,
        mapped.offence_name,
        mapped.ho_class,
        mapped.category_code,
        mapped.offence_group_code,
        mapped.offence_group_name,
        mapped.is_recordable,
        mapped.is_breach,
        mapped.is_bail_offence,
        mapped.is_knife_offence,
        mapped.yjb_category_code,
        code_yjb_offence_category.name as yjb_category_name,
        mapped.yjb_seriousness
    from mapped
    left join code_yjb_offence_category on mapped.yjb_category_code = code_yjb_offence_category.code

)

select * from final
