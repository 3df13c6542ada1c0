-- Orders and programmes of children with their person, district at the end (or now), and whether their
-- dates make sense. A child lives here unless an address elsewhere is known.
with

programme as (

    select * from {{ ref('stg_case_system__intervention_programme') }}

),

deleted_person as (

    select person_id
    from {{ ref('stg_case_system__person') }}
    where is_deleted

),

person as (

    select * from {{ ref('int_justice__case_system_person') }}

),

child as (

    select * from {{ ref('int_justice__child') }}

),

record_link as (

    select * from {{ ref('int_identity__record_link') }}

),

code_order_type as (

    select * from {{ ref('code_order_type') }}

),

residence as (

    select * from {{ ref('int_justice__residence') }}

),

typed as (

    select
        programme.service_code,
        record_link.record_key as order_key,
        programme.record_id,
        programme.programme_id,
        programme.person_id,
        coalesce(child.person_key, -1) as person_key,
        child.date_of_birth,
        programme.start_date,
        programme.end_date,
        programme.planned_end_date,
        programme.released_on,
        coalesce(code_order_type.code, 'UNMAPPED') as order_type_code,
        coalesce(code_order_type.name, 'Not in the code list') as order_type_name,
        coalesce(code_order_type.is_in_eet_indicator, false) as is_in_eet_indicator,
        coalesce(code_order_type.is_in_kpi, false) as is_in_kpi,
        code_order_type.kpi_rank,
        programme.end_reason as end_reason_code,
        programme.team_code,
        coalesce(programme.end_date, {{ as_at_date() }}) as known_until
    from programme
    left join person on programme.person_id = person.person_id
    left join child on person.person_key = child.person_key
    left join deleted_person on programme.person_id = deleted_person.person_id
    left join code_order_type on programme.disposal_type = code_order_type.code
    left join record_link
        on
            programme.record_id = record_link.source_id
            and record_link.feed = 'case_system'
            and record_link.entity = 'intervention_programme'
    where deleted_person.person_id is null

),

living_at as (

    {{ living_at('typed', 'record_id', 'known_until') }}

),

final as (

    select
        typed.*,
        coalesce(living_at.geography_key, '-1') as geography_key,
        living_at.is_local is not false as is_living_here,
        coalesce(typed.end_date >= typed.start_date, true) as is_in_order,
        {{ completed_years('typed.start_date', 'typed.date_of_birth') }} as age_at_start,
        {{ completed_years('typed.known_until', 'typed.date_of_birth') }} as age_at_end
    from typed
    left join living_at on typed.record_id = living_at.record_id

)

select * from final
