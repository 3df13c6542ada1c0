-- The placements a child was in on the day an order ended: all of them, when several run side by side.
-- A spell of "none" is no placement. A spell without an end (or ending 1900-01-01) is still running.
with

order_end as (

    select * from {{ ref('int_education__order_end') }}

),

ete_status as (

    select * from {{ ref('stg_case_system__ete_status') }}

),

person as (

    select * from {{ ref('int_justice__case_system_person') }}

),

code_ete_provision as (

    select * from {{ ref('code_ete_provision') }}

),

placement as (

    select
        person.person_key,
        ete_status.record_id,
        ete_status.start_date,
        ete_status.end_date,
        ete_status.provision_type,
        ete_status.suitability,
        ete_status.hours_attended
    from ete_status
    inner join person on ete_status.person_id = person.person_id
    left join code_ete_provision on ete_status.provision_type = code_ete_provision.code
    where coalesce(code_ete_provision.is_eet, true)

),

final as (

    select
        order_end.order_key,
        placement.record_id,
        placement.provision_type,
        coalesce(placement.suitability = 'SUITABLE', false) as is_suitable,
        placement.hours_attended
    from order_end
    inner join placement
        on
            order_end.person_key = placement.person_key
            and order_end.order_end_date >= placement.start_date
            and order_end.order_end_date <= coalesce(placement.end_date, date 'infinity')
    where order_end.person_key > 0

)

select * from final
