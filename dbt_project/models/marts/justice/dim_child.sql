-- Children by a key without meaning: no name, no identifier, no date of birth.
with

child as (

    select * from {{ ref('int_justice__child') }}

),

members as (

    select
        person_key,
        sex_code,
        ethnicity_group_code,
        is_in_case_system
    from child
    union all
    select
        -1::bigint as person_key,
        'NOT_KNOWN' as sex_code,
        'NOT_KNOWN' as ethnicity_group_code,
        false as is_in_case_system
    union all
    select
        -2::bigint as person_key,
        'NOT_APPLICABLE' as sex_code,
        'NOT_APPLICABLE' as ethnicity_group_code,
        false as is_in_case_system

),

final as (

    select
        person_key,
        sex_code,
        ethnicity_group_code,
        case ethnicity_group_code
            when 'ASIAN' then 'Asian or Asian British'
            when 'BLACK' then 'Black or Black British'
            when 'MIXED' then 'Mixed'
            when 'OTHER' then 'Other'
            when 'WHITE' then 'White'
            when 'NOT_APPLICABLE' then 'Not applicable'
            else 'Not known'
        end as ethnicity_group_name,
        is_in_case_system,
        '{{ var("yos:service") }}' as service_code
    from members

)

select * from final
