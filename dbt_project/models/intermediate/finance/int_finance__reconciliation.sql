-- Does the money add up? (a) The budget: lines, agencies, columns, totals as printed. (b) The ledger: postings against
-- its own control totals; reserves: movements against the balance stated. Budget and ledger are never set equal:
-- payments in kind are in the budget and in no ledger. Each source of lines is summed once.
with

budget_line as (

    select * from {{ ref('int_finance__budget_line') }}

),

budget_total as (

    select
        *,
        {{ one_of('total_code', ['STAFFING_IN_KIND', 'OTHER_DELEGATED', 'CORE', 'ALL']) }} as known_total_code
    from {{ ref('stg_finance__budget_total') }}

),

ledger_posting as (

    select * from {{ ref('int_finance__ledger_posting') }}

),

ledger_control_total as (

    select * from {{ ref('stg_finance__ledger_control_total') }}

),

map_ledger_status as (

    select * from {{ ref('map_ledger_status') }}

),

reserve_movement as (

    select * from {{ ref('int_finance__reserve_movement') }}

),

agency as (

    select
        financial_year,
        budget_version,
        coalesce(contributor_key, '-1') as contributor_key,
        sum(printed_total_gbp) as printed_gbp,
        sum(staffing_in_kind_gbp) as staffing_in_kind_gbp,
        sum(other_delegated_gbp) as other_delegated_gbp,
        coalesce(sum(staffing_in_kind_gbp) filter (where funding_stream_code = 'core'), 0) as core_staffing_in_kind_gbp,
        coalesce(sum(other_delegated_gbp) filter (where funding_stream_code = 'core'), 0) as core_other_delegated_gbp,
        count(*) as lines,
        max(delivery_date) as delivery_date,
        max(load_id) as load_id
    from budget_line
    group by financial_year, budget_version, coalesce(contributor_key, '-1')

),

budget as (

    select
        financial_year,
        budget_version,
        sum(printed_gbp) as printed_gbp,
        sum(staffing_in_kind_gbp) as staffing_in_kind_gbp,
        sum(other_delegated_gbp) as other_delegated_gbp,
        sum(core_staffing_in_kind_gbp) as core_staffing_in_kind_gbp,
        sum(core_other_delegated_gbp) as core_other_delegated_gbp,
        sum(lines) as lines,
        max(delivery_date) as delivery_date,
        max(load_id) as load_id
    from agency
    group by financial_year, budget_version

),

-- What the board prints under its table: columns and their sum are of the core budget, all is all.
budget_sum as (

    select
        financial_year,
        budget_version,
        'STAFFING_IN_KIND' as total_code,
        core_staffing_in_kind_gbp as found_gbp
    from budget
    union all
    select
        financial_year,
        budget_version,
        'OTHER_DELEGATED' as total_code,
        core_other_delegated_gbp as found_gbp
    from budget
    union all
    select
        financial_year,
        budget_version,
        'CORE' as total_code,
        core_staffing_in_kind_gbp + core_other_delegated_gbp as found_gbp
    from budget
    union all
    select
        financial_year,
        budget_version,
        'ALL' as total_code,
        staffing_in_kind_gbp + other_delegated_gbp as found_gbp
    from budget

),

stated as (

    select
        financial_year,
        version as budget_version,
        known_total_code as total_code,
        sum(amount_gbp) as expected_gbp,
        max(delivery_date) as delivery_date,
        max(load_id) as load_id
    from budget_total
    group by financial_year, version, known_total_code

),

posted as (

    select
        financial_year,
        coalesce(period, 0) as period,
        status_code,
        coalesce(sum(amount_gbp), 0) as found_gbp,
        count(*) as found_lines
    from ledger_posting
    group by financial_year, coalesce(period, 0), status_code

),

control as (

    select
        ledger_control_total.financial_year,
        coalesce(ledger_control_total.period, 0) as period,
        coalesce(map_ledger_status.status_code, 'NOT_KNOWN') as status_code,
        sum(ledger_control_total.total_gbp) as expected_gbp,
        case
            when count(ledger_control_total.lines) = count(*) then sum(ledger_control_total.lines)
        end as expected_lines,
        max(ledger_control_total.delivery_date) as delivery_date,
        max(ledger_control_total.load_id) as load_id
    from ledger_control_total
    left join map_ledger_status on ledger_control_total.status = map_ledger_status.code
    group by
        ledger_control_total.financial_year,
        coalesce(ledger_control_total.period, 0),
        coalesce(map_ledger_status.status_code, 'NOT_KNOWN')

),

-- An opening is held against what the movements before it came to; the first one has nothing before it.
balance as (

    select
        *,
        case
            when kind_code = 'OPENING' and balance_before_gbp is not null then balance_before_gbp
            else balance_after_gbp
        end as found_gbp,
        case
            when kind_code = 'OPENING' then coalesce(stated_balance_gbp, amount_gbp)
            else stated_balance_gbp
        end as expected_gbp
    from reserve_movement
    where status_code = 'MADE'

),

-- One row for each reserve and period: the newest movement whose balance is another, else the newest that states one.
balance_ranked as (

    select
        *,
        row_number() over (
            partition by reserve_code, financial_year, period
            order by (expected_gbp <> found_gbp) desc, movement_number desc, reserve_movement_key desc
        ) as balance_number
    from balance
    where expected_gbp is not null

),

compared as (

    select
        'BUDGET_AGENCY' as check_code,
        financial_year,
        0 as period,
        budget_version,
        contributor_key as subject_code,
        printed_gbp as expected_gbp,
        staffing_in_kind_gbp + other_delegated_gbp as found_gbp,
        null::bigint as expected_lines,
        lines as found_lines,
        delivery_date,
        load_id
    from agency
    union all
    select
        'BUDGET_COLUMNS' as check_code,
        financial_year,
        0 as period,
        budget_version,
        'ALL' as subject_code,
        printed_gbp as expected_gbp,
        staffing_in_kind_gbp + other_delegated_gbp as found_gbp,
        null as expected_lines,
        lines as found_lines,
        delivery_date,
        load_id
    from budget
    union all
    select
        'BUDGET_STATED' as check_code,
        coalesce(stated.financial_year, budget_sum.financial_year) as financial_year,
        0 as period,
        coalesce(stated.budget_version, budget_sum.budget_version) as budget_version,
        coalesce(stated.total_code, budget_sum.total_code) as subject_code,
        stated.expected_gbp,
        case
            when coalesce(stated.total_code, 'CORE') <> 'NOT_KNOWN' then coalesce(budget_sum.found_gbp, 0)
        end as found_gbp,
        null as expected_lines,
        null as found_lines,
        stated.delivery_date,
        stated.load_id
    from stated
    full outer join budget_sum
        on
            stated.financial_year = budget_sum.financial_year
            and stated.budget_version = budget_sum.budget_version
            and stated.total_code = budget_sum.total_code
    where stated.total_code is not null or budget_sum.total_code = 'CORE'
    union all
    select
        'LEDGER_CONTROL' as check_code,
        coalesce(control.financial_year, posted.financial_year) as financial_year,
        coalesce(control.period, posted.period) as period,
        '' as budget_version,
        coalesce(control.status_code, posted.status_code) as subject_code,
        control.expected_gbp,
        coalesce(posted.found_gbp, 0) as found_gbp,
        control.expected_lines,
        coalesce(posted.found_lines, 0) as found_lines,
        control.delivery_date,
        control.load_id
    from control
    full outer join posted
        on
            control.financial_year = posted.financial_year
            and control.period = posted.period
            and control.status_code = posted.status_code
    union all
    select
        'RESERVE_BALANCE' as check_code,
        financial_year,
        coalesce(period, 0) as period,
        '' as budget_version,
        reserve_code as subject_code,
        expected_gbp,
        found_gbp,
        null as expected_lines,
        null as found_lines,
        delivery_date,
        load_id
    from balance_ranked
    where balance_number = 1

),

final as (

    select
        check_code,
        financial_year,
        period::integer as period,
        budget_version,
        subject_code,
        expected_gbp::numeric(18, 2) as expected_gbp,
        found_gbp::numeric(18, 2) as found_gbp,
        (found_gbp - expected_gbp)::numeric(18, 2) as difference_gbp,
        expected_lines::bigint as expected_lines,
        found_lines::bigint as found_lines,
        case
            when expected_gbp is null or found_gbp is null then 'NOTHING_TO_COMPARE'
            when expected_gbp <> found_gbp or expected_lines <> found_lines then 'DIFFERS'
            else 'AGREES'
        end as outcome_code,
        delivery_date,
        load_id,
        '{{ var("yos:service") }}' as service_code
    from compared

)

select * from final
