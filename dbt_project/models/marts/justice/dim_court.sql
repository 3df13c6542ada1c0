-- Courts, and the two members for what is not known or not applicable.
with

court as (

    select * from {{ ref('int_justice__court') }}

),

members as (

    select
        court_key,
        court_name,
        coalesce(court_type_code, '-1') as court_type_code
    from court
    union all
    select
        '-1' as court_key,
        'Not known' as court_name,
        '-1' as court_type_code
    union all
    select
        '-2' as court_key,
        'Not applicable' as court_name,
        '-2' as court_type_code

),

final as (

    select
        court_key,
        court_name,
        court_type_code,
        case court_type_code
            when 'MCY' then 'Youth court'
            when 'MCA' then 'Magistrates'' court'
            when 'CC' then 'Crown Court'
            when '-2' then 'Not applicable'
            else 'Not known'
        end as court_type_name,
        '{{ var("yos:service") }}' as service_code
    from members

)

select * from final
