-- Kinds of education, employment and training provision.
with

provision as (

    select * from {{ ref('int_reference__provision') }}

),

final as (

    select
        provision_type_code,
        provision_name,
        provision_group_code,
        is_eet
    from provision

)

select * from final
