-- What the Police National Computer said of a child's earlier record: the first disposal it holds, if any.
with

pnc_check as (

    select * from {{ ref('stg_police__pnc_check') }}

),

person_link as (

    select * from {{ ref('int_identity__person_link') }}

),

final as (

    select
        person_link.person_key,
        min(pnc_check.first_disposal_date) as first_disposal_date
    from pnc_check
    inner join person_link
        on
            pnc_check.record_id = person_link.source_id
            and person_link.feed = 'police'
            and person_link.entity = 'pnc_check'
    group by person_link.person_key

)

select * from final
