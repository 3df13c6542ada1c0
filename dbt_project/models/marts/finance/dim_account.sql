-- Accounts of the ledger, dated, and UNMAPPED (a code no list knows).
with

account as (

    select * from {{ ref('int_reference__account') }}

),

members as (

    select * from account
    union all
    select
        'UNMAPPED' as account_key,
        'UNMAPPED' as subjective_code,
        'Not in the code list' as account_name,
        'UNMAPPED' as account_group_code,
        'UNMAPPED' as return_category_code,
        'UNMAPPED' as outturn_category_code,
        false as is_income,
        null as valid_from,
        null as valid_to

),

final as (

    select
        account_key,
        subjective_code,
        account_name,
        account_group_code,
        return_category_code,
        outturn_category_code,
        is_income,
        valid_from,
        valid_to,
        '{{ var("yos:service") }}' as service_code
    from members

)

select * from final
