-- Conditions of grants with their key, and how each stands at the end of the as-at day. What is due on that day can
-- still be met on it; what was met later has not been met yet.
with

grant_condition as (

    select
        *,
        case when met_on <= {{ as_at_date() }} then met_on end as met_date
    from {{ ref('stg_finance__grant_condition') }}

),

record_link as (

    select * from {{ ref('int_identity__record_link') }}
    where feed = 'finance' and entity = 'grant_condition'

),

award as (

    select * from {{ ref('int_finance__grant') }}
    where is_newest_award

),

code_grant_condition as (

    select * from {{ ref('code_grant_condition') }}

),

final as (

    select
        grant_condition.service_code,
        record_link.record_key as grant_condition_key,
        coalesce(award.contributor_key, '-1') as contributor_key,
        coalesce(award.programme_code, 'UNMAPPED') as programme_code,
        coalesce(code_grant_condition.code, 'NOT_KNOWN') as condition_code,
        grant_condition.due_date,
        grant_condition.met_date,
        case
            when grant_condition.met_date <= grant_condition.due_date then 'MET'
            when grant_condition.met_date is not null then 'MET_LATE'
            when grant_condition.due_date < {{ as_at_date() }} then 'OVERDUE'
            else 'OPEN'
        end as state_code
    from grant_condition
    left join award on grant_condition.grant_id = award.grant_id
    left join code_grant_condition on grant_condition.condition_code = code_grant_condition.code
    left join record_link on grant_condition.record_id = record_link.source_id

)

select * from final
