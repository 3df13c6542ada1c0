-- Special educational needs and care of the child on the day an order ended. A plan that any witness knows of is
-- a plan. A child who is looked after only because of a remand or detention is told apart.
with

order_end as (

    select *
    from {{ ref('int_education__order_end') }}
    where is_person_known

),

send_spell as (

    select * from {{ ref('int_education__send_spell') }}

),

care_status as (

    select * from {{ ref('stg_case_system__care_status') }}

),

person as (

    select * from {{ ref('int_justice__case_system_person') }}

),

care_spell as (

    select
        person.person_key,
        care_status.status,
        care_status.start_date,
        care_status.end_date
    from care_status
    inner join person on care_status.person_id = person.person_id

),

send as (

    select
        order_end.record_id,
        bool_or(send_spell.send_code = 'EHC_PLAN') as has_plan,
        bool_or(send_spell.send_code = 'SEN_SUPPORT') as has_support,
        bool_or(send_spell.send_code = 'NONE') as has_none
    from order_end
    inner join send_spell
        on
            order_end.person_key = send_spell.person_key
            and order_end.order_end_date >= send_spell.start_date
            and order_end.order_end_date <= coalesce(send_spell.end_date, date 'infinity')
    group by order_end.record_id

),

care as (

    select
        order_end.record_id,
        bool_and(coalesce(care_spell.status in ('J1', 'J2'), false)) as is_remand_only
    from order_end
    inner join care_spell
        on
            order_end.person_key = care_spell.person_key
            and order_end.order_end_date >= care_spell.start_date
            and order_end.order_end_date <= coalesce(care_spell.end_date, date 'infinity')
    group by order_end.record_id

),

final as (

    select
        order_end.order_key,
        order_end.record_id,
        case
            when send.has_plan then 'EHC_PLAN'
            when send.has_support then 'SEN_SUPPORT'
            when send.has_none then 'NONE'
            else 'NOT_KNOWN'
        end as send_code,
        case
            when care.record_id is null then 'NOT_LOOKED_AFTER'
            when care.is_remand_only then 'REMAND_ONLY'
            else 'LOOKED_AFTER'
        end as looked_after_code
    from order_end
    left join send on order_end.record_id = send.record_id
    left join care on order_end.record_id = care.record_id

)

select * from final
