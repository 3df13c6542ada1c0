-- Accounts of the service's ledger, dated; the key names the account and its first day.
with

ref_account as (

    select * from {{ ref('ref_account') }}
    where service_code = '{{ var("yos:service") }}'

),

final as (

    select
        subjective_code || '@' || valid_from as account_key,
        subjective_code,
        account_name,
        account_group_code,
        return_category_code,
        outturn_category_code,
        account_group_code = 'INCOME' as is_income,
        valid_from,
        valid_to
    from ref_account

)

select * from final
