-- Offence codes with their groups, whether recordable, and whether a breach rather than an offence.
with

offence_type as (

    select * from {{ ref('int_reference__offence_type') }}

),

members as (

    select
        offence_type_key,
        offence_name,
        ho_class,
        category_code,
        offence_group_code,
        offence_group_name,
        is_recordable,
        is_breach,
        is_bail_offence,
        is_knife_offence,
        yjb_category_code,
        yjb_category_name,
        yjb_seriousness
    from offence_type
    union all
    select
        '-1' as offence_type_key,
        'Not in the code list' as offence_name,
        null as ho_class,
        null as category_code,
        null as offence_group_code,
        null as offence_group_name,
        false as is_recordable,
        false as is_breach,
        false as is_bail_offence,
        false as is_knife_offence,
        null as yjb_category_code,
        null as yjb_category_name,
        null::integer as yjb_seriousness
    union all
    select
        '-2' as offence_type_key,
        'Not applicable' as offence_name,
        null as ho_class,
        null as category_code,
        null as offence_group_code,
        null as offence_group_name,
        false as is_recordable,
        false as is_breach,
        false as is_bail_offence,
        false as is_knife_offence,
        null as yjb_category_code,
        null as yjb_category_name,
        null::integer as yjb_seriousness

),

final as (

    select
        offence_type_key,
        offence_name,
        coalesce(ho_class, '-1') as ho_class,
        coalesce(category_code, '-1') as category_code,
        coalesce(offence_group_code, 'NOT_KNOWN') as offence_group_code,
        coalesce(offence_group_name, 'Not known') as offence_group_name,
        is_recordable,
        is_breach,
        is_bail_offence,
        is_knife_offence,
        coalesce(yjb_category_code, 'NOT_KNOWN') as yjb_category_code,
        coalesce(yjb_category_name, 'Not known') as yjb_category_name,
        yjb_seriousness
    from members

)

select * from final
