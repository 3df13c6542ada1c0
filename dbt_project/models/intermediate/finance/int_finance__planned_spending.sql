-- The ledger's own budget of a year with its key; of each year the newest version is in force. It says what is to be
-- spent and on what, in cash; the board's budget says who gives what.
with

planned_spending as (

    select * from {{ ref('stg_finance__planned_spending') }}

),

record_link as (

    select * from {{ ref('int_identity__record_link') }}
    where feed = 'finance' and entity = 'planned_spending'

),

account as (

    select * from {{ ref('ref_account') }}
    where service_code = '{{ var("yos:service") }}'

),

cost_centre as (

    select * from {{ ref('ref_cost_centre') }}
    where service_code = '{{ var("yos:service") }}'

),

map_programme as (

    select * from {{ ref('map_programme') }}

),

ranked as (

    select
        *,
        {{ financial_period_end('financial_year', 12) }} as last_day,
        dense_rank() over (
            partition by financial_year
            order by {{ version_order('version') }} desc, version desc
        ) as version_number_from_newest
    from planned_spending

),

final as (

    select
        ranked.service_code,
        record_link.record_key as planned_spending_key,
        ranked.financial_year,
        ranked.version as plan_version,
        ranked.version_number_from_newest = 1 as is_in_force,
        coalesce(account.subjective_code || '@' || account.valid_from, 'UNMAPPED') as account_key,
        coalesce(cost_centre.cost_centre_code, 'UNMAPPED') as cost_centre_code,
        coalesce(map_programme.programme_code, 'UNMAPPED') as programme_code,
        coalesce(account.account_group_code = 'INCOME', false) as is_income,
        ranked.amount_gbp
    from ranked
    left join account
        on
            ranked.subjective = account.subjective_code
            and {{ is_valid_on('account', 'ranked.last_day') }}
    left join cost_centre on ranked.cost_centre = cost_centre.cost_centre_code
    left join map_programme on coalesce(ranked.project, 'CORE') = map_programme.code
    left join record_link on ranked.record_id = record_link.source_id

)

select * from final
