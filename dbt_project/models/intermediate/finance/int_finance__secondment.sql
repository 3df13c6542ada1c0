-- Staff that partners lend, with their key; nobody's name.
with

secondment as (

    select * from {{ ref('stg_finance__secondment') }}

),

record_link as (

    select * from {{ ref('int_identity__record_link') }}
    where feed = 'finance' and entity = 'secondment'

),

contributor as (

    select * from {{ ref('int_finance__contributor') }}

),

code_secondment_role as (

    select * from {{ ref('code_secondment_role') }}

),

final as (

    select
        secondment.service_code,
        record_link.record_key as secondment_key,
        coalesce(contributor.contributor_key, '-1') as contributor_key,
        coalesce(code_secondment_role.code, 'NOT_KNOWN') as role_code,
        secondment.whole_time_equivalent,
        secondment.start_date,
        secondment.end_date,
        secondment.annual_value_gbp
    from secondment
    left join contributor on secondment.contributor = contributor.contributor_key
    left join code_secondment_role on secondment.role = code_secondment_role.code
    left join record_link on secondment.record_id = record_link.source_id

)

select * from final
