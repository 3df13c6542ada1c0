-- Orders that ended by the as-at day, and for each rule whether the ending counts. Each order counts
-- for itself: two orders of a child ending on one day are two order ends.
with

orders as (

    select * from {{ ref('int_justice__order') }}

),

ended as (

    select
        *,
        {{ school_age_end('date_of_birth') }} as school_age_end
    from orders
    where end_date <= {{ as_at_date() }}

),

judged as (

    select
        service_code,
        order_key,
        record_id,
        person_id,
        person_key,
        geography_key,
        order_type_code,
        end_date as order_end_date,
        age_at_end,
        date_of_birth,
        is_in_eet_indicator as is_of_a_counted_kind,
        is_in_order,
        -- a reason nobody gave is taken for the ordinary end
        coalesce(
            end_reason_code not in ('REVOKED_BREACH', 'TRANSFERRED_OUT', 'DECEASED'), true
        ) as is_ended_by_rule,
        person_key > 0 as is_person_known,
        school_age_end,
        -- without a date of birth the higher demand holds
        coalesce(end_date <= school_age_end, true) as is_school_age
    from ended

),

final as (

    select
        *,
        is_of_a_counted_kind and is_in_order and is_ended_by_rule and is_person_known as is_counted
    from judged

)

select * from final
