-- Every event that needs a key of its own: identity mints one for each it has not seen.
with

final as (

    select
        service_code,
        'case_system' as feed,
        'offence' as entity,
        record_id as source_id
    from {{ ref('stg_case_system__offence') }}
    union all
    select
        service_code,
        'case_system' as feed,
        'offence_outcome' as entity,
        record_id as source_id
    from {{ ref('stg_case_system__offence_outcome') }}
    union all
    select
        service_code,
        'case_system' as feed,
        'intervention_programme' as entity,
        record_id as source_id
    from {{ ref('stg_case_system__intervention_programme') }}
    union all
    select
        service_code,
        'case_system' as feed,
        'hearing' as entity,
        record_id as source_id
    from {{ ref('stg_case_system__hearing') }}
    union all
    select
        service_code,
        'police' as feed,
        'charge' as entity,
        record_id as source_id
    from {{ ref('stg_police__charge') }}
    union all
    select
        service_code,
        'police' as feed,
        'disposal' as entity,
        record_id as source_id
    from {{ ref('stg_police__disposal') }}
    union all
    select
        service_code,
        'police' as feed,
        'out_of_court_disposal' as entity,
        record_id as source_id
    from {{ ref('stg_police__out_of_court_disposal') }}
    union all
    select
        service_code,
        'police' as feed,
        'court_message' as entity,
        record_id as source_id
    from {{ ref('stg_police__court_message') }}
    union all
    select
        service_code,
        'police' as feed,
        'court_offence' as entity,
        record_id as source_id
    from {{ ref('stg_police__court_offence') }}
    union all
    select
        service_code,
        'police' as feed,
        'court_result' as entity,
        record_id as source_id
    from {{ ref('stg_police__court_result') }}
    union all
    select
        service_code,
        'finance' as feed,
        'budget_line' as entity,
        record_id as source_id
    from {{ ref('stg_finance__budget_line') }}
    union all
    select
        service_code,
        'finance' as feed,
        'ledger_posting' as entity,
        record_id as source_id
    from {{ ref('stg_finance__ledger_posting') }}

)

select * from final
