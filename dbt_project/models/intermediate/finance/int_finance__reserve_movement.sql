-- Movements of reserves with their key, and what a reserve holds after each that was made: an opening says what there
-- is and starts the sum anew, the others add to it. Planned movements have not happened.
with

reserve_movement as (

    select
        *,
        {{ financial_period_key('financial_year', 'period') }} as financial_period_key
    from {{ ref('stg_finance__reserve_movement') }}

),

record_link as (

    select * from {{ ref('int_identity__record_link') }}
    where feed = 'finance' and entity = 'reserve_movement'

),

ref_reserve as (

    select * from {{ ref('ref_reserve') }}
    where service_code = '{{ var("yos:service") }}'

),

-- Year-end adjustments come before the next year's opening, whenever they are dated.
numbered as (

    select
        *,
        row_number() over (
            partition by reserve, status
            order by financial_period_key, movement_date, (kind <> 'OPENING'), length(movement_id), record_id
        ) as movement_number,
        count(*) filter (where kind = 'OPENING') over (
            partition by reserve, status
            order by financial_period_key, movement_date, (kind <> 'OPENING'), length(movement_id), record_id
        ) as opening_number
    from reserve_movement

),

summed as (

    select
        *,
        case
            when status = 'MADE' then
                sum(amount_gbp) over (partition by reserve, status, opening_number order by movement_number)
        end::numeric(18, 2) as balance_after_gbp
    from numbered

),

followed as (

    select
        *,
        (lag(balance_after_gbp) over (partition by reserve, status order by movement_number))::numeric(18, 2)
            as balance_before_gbp
    from summed

),

final as (

    select
        followed.service_code,
        record_link.record_key as reserve_movement_key,
        coalesce(ref_reserve.reserve_code, 'UNMAPPED') as reserve_code,
        followed.movement_date,
        followed.financial_period_key,
        followed.financial_year,
        followed.period,
        {{ one_of('followed.kind', ['OPENING', 'ADDED', 'USED']) }} as kind_code,
        {{ one_of('followed.status', ['MADE', 'PLANNED']) }} as status_code,
        followed.amount_gbp,
        followed.balance_gbp as stated_balance_gbp,
        followed.movement_number,
        followed.balance_before_gbp,
        followed.balance_after_gbp,
        followed.delivery_date,
        followed.load_id
    from followed
    left join ref_reserve on followed.reserve = ref_reserve.reserve_code
    left join record_link on followed.record_id = record_link.source_id

)

select * from final
