-- Every court once: those of the service's list, and codes seen in hearings and court messages beside it.
-- A code is capitals and digits with a digit among them: words in its place must not reach the marts.
with

listed as (

    select * from {{ ref('int_reference__court') }}

),

hearing as (

    select * from {{ ref('stg_case_system__hearing') }}

),

court_message as (

    select * from {{ ref('stg_police__court_message') }}

),

seen as (

    select court_code from hearing
    union
    select court_code from court_message

),

final as (

    select
        coalesce(listed.court_key, seen.court_code) as court_key,
        coalesce(listed.court_name, 'Not in the list') as court_name,
        listed.court_type_code,
        listed.court_key is not null as is_listed
    from listed
    full join seen on listed.court_key = seen.court_code
    where listed.court_key is not null or seen.court_code ~ '^(?=.*\d)[A-Z0-9]{2,10}$'

)

select * from final
