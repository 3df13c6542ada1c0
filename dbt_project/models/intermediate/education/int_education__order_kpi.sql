-- Which order end stands for a child in the key performance indicators: of the ends of a quarter the one of the most
-- serious order. An order whose every known outcome was appealed away is none; one without an outcome stands.
with

order_end as (

    select * from {{ ref('int_education__order_end') }}

),

programme_offence as (

    select * from {{ ref('stg_case_system__programme_offence') }}

),

outcome as (

    select * from {{ ref('stg_case_system__offence_outcome') }}

),

outcomes_of_order as (

    select
        programme_offence.programme_id,
        -- null is "not appealed"
        bool_and(
            coalesce(outcome.appeal_status in ('CHANGED_ON_APPEAL', 'APPEAL_SUCCESSFUL'), false)
        ) as is_appealed_away,
        max(outcome.outcome_date) filter (
            where coalesce(outcome.appeal_status not in ('CHANGED_ON_APPEAL', 'APPEAL_SUCCESSFUL'), true)
        ) as outcome_date
    from programme_offence
    inner join outcome on programme_offence.offence_id = outcome.offence_id
    group by programme_offence.programme_id

),

judged as (

    select
        order_end.order_key,
        order_end.record_id,
        order_end.person_key,
        order_end.order_end_date,
        order_end.kpi_rank,
        outcomes_of_order.outcome_date,
        case
            when not order_end.is_in_kpi then 'KIND'
            when order_end.order_end_date < date '2023-04-01' then 'BEFORE_KPI'
            when not order_end.is_in_order then 'DATES'
            when not order_end.is_person_known then 'PERSON_NOT_KNOWN'
            when not order_end.is_living_here then 'LIVING_ELSEWHERE'
            when order_end.age_at_start is null then 'AGE_NOT_KNOWN'
            when order_end.age_at_start not between 10 and 17 then 'AGE'
            when outcomes_of_order.is_appealed_away then 'APPEALED_AWAY'
            else 'IN'
        end as kpi_reason_code
    from order_end
    left join outcomes_of_order on order_end.programme_id = outcomes_of_order.programme_id

),

-- quarters of the financial year are those of the calendar
ranked as (

    select
        *,
        row_number() over (
            partition by person_key, date_trunc('quarter', order_end_date), kpi_reason_code
            order by kpi_rank asc, outcome_date desc nulls last, order_end_date desc, record_id asc
        ) as order_number
    from judged

),

final as (

    select
        order_key,
        record_id,
        kpi_reason_code = 'IN' and order_number = 1 as is_kpi_cohort,
        case
            when kpi_reason_code = 'IN' and order_number > 1 then 'OTHER_ORDER'
            else kpi_reason_code
        end as kpi_reason_code
    from ranked

)

select * from final
