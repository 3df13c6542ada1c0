-- Children under an order whose education, employment or training needs a look, with who they are, for those who work
-- with them.
with

attention as (

    select * from {{ ref('int_education__attention') }}

),

named as (

    select * from {{ ref('int_justice__named_child') }}

),

district as (

    select * from {{ ref('int_reference__district') }}

),

final as (

    select
        attention.person_key,
        attention.attention_code,
        attention.subject_key,
        attention.due_date,
        attention.attention_number,
        named.person_id as case_reference,
        named.given_name,
        named.family_name,
        attention.team_code,
        coalesce(district.district_name, 'Not known') as district_name,
        attention.detail_code,
        attention.detail_count,
        attention.source_code,
        attention.provision_type_code,
        attention.other_source_code,
        attention.other_provision_type_code,
        attention.order_end_expected,
        attention.service_code
    from attention
    left join named on attention.person_key = named.person_key
    left join district on attention.geography_key = district.geography_key

)

select * from final
