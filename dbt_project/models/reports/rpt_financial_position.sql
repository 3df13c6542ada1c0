-- Budget against what was spent, what is ordered and two forecasts: of the service, its programmes, groups of accounts,
-- accounts and contributors, for the running year and the one before. Neither forecast is a prediction: one goes on as
-- so far, the other as last year did. Of a year that is over both are what was spent.
with

ledger as (

    select * from {{ ref('int_finance__ledger_by_period') }}

),

planned_spending as (

    select *
    from {{ ref('fct_planned_spending') }}
    where is_in_force

),

budget_line as (

    select *
    from {{ ref('fct_budget_line') }}
    where is_in_force

),

contribution as (

    select * from {{ ref('fct_contribution') }}

),

account as (

    select * from {{ ref('dim_account') }}

),

programme as (

    select * from {{ ref('dim_programme') }}

),

contributor as (

    select * from {{ ref('dim_contributor') }}

),

years as (

    select
        date_part('year', {{ financial_year_start(as_at_date()) }})::integer - years_ago as financial_year_start,
        {{ financial_year(financial_year_start(as_at_date()) ~ " - make_interval(years => years_ago)") }}
            as financial_year,
        case when years_ago = 0 then {{ as_at_period() }} else 12 end as to_period,
        years_ago > 0 as is_over
    from generate_series(0, 1) as series (years_ago)

),

-- ledger and plan side by side: each line tells one of the three amounts of a period
lines as (

    select
        financial_year,
        period,
        account_key,
        programme_code,
        is_income,
        actual_gbp,
        commitment_gbp,
        0 as budget_gbp
    from ledger
    union all
    select
        financial_year,
        1 as period,
        account_key,
        programme_code,
        is_income,
        0 as actual_gbp,
        0 as commitment_gbp,
        amount_gbp as budget_gbp
    from planned_spending

),

items as (

    select
        lines.financial_year,
        item.breakdown_code,
        item.item_code,
        coalesce(sum(lines.actual_gbp) filter (
            where {{ is_to_date('lines.financial_year', 'lines.period') }}
        ), 0) as actual_gbp,
        coalesce(sum(lines.commitment_gbp) filter (
            where {{ is_to_date('lines.financial_year', 'lines.period') }}
        ), 0) as commitment_gbp,
        -- of a year before: what it had by the same point
        coalesce(sum(lines.actual_gbp) filter (where lines.period <= {{ as_at_period() }}), 0) as by_then_gbp,
        sum(lines.actual_gbp) as total_gbp,
        sum(lines.budget_gbp) as planned_gbp
    from lines
    inner join account on lines.account_key = account.account_key
    cross join
        lateral (
            values
            ('SERVICE', case when lines.is_income then 'INCOME' else 'SPENDING' end),
            ('PROGRAMME', case when not lines.is_income then lines.programme_code end),
            ('ACCOUNT_GROUP', account.account_group_code),
            ('SUBJECTIVE', account.subjective_code)
        ) as item (breakdown_code, item_code)
    where item.item_code is not null
    group by lines.financial_year, item.breakdown_code, item.item_code

),

planned_year as (

    select financial_year
    from planned_spending
    group by financial_year

),

-- without a plan of the ledger the cash budget stands for the spending of the service, and for nothing below it
cash_budget as (

    select
        financial_year,
        sum(other_delegated_gbp) as cash_gbp
    from budget_line
    group by financial_year

),

-- spending and income of the service have a row in every year that anything is known of
known_year as (

    select financial_year from lines
    union
    select financial_year from cash_budget

),

wanted as (

    select
        known_year.financial_year,
        'SERVICE' as breakdown_code,
        service.item_code
    from known_year
    cross join (values ('SPENDING'), ('INCOME')) as service (item_code)
    union
    select
        financial_year,
        breakdown_code,
        item_code
    from items

),

spent as (

    select
        wanted.financial_year,
        wanted.breakdown_code,
        wanted.item_code,
        years.to_period,
        case
            when planned_year.financial_year is not null then coalesce(items.planned_gbp, 0)
            when wanted.breakdown_code = 'SERVICE' and wanted.item_code = 'SPENDING' then cash_budget.cash_gbp
        end as budget_gbp,
        coalesce(items.actual_gbp, 0) as actual_gbp,
        coalesce(items.commitment_gbp, 0) as commitment_gbp,
        case
            when years.is_over then coalesce(items.actual_gbp, 0)
            else {{ straight_line('coalesce(items.actual_gbp, 0)', 'years.to_period') }}
        end as straight_line_gbp,
        case
            when years.is_over then coalesce(items.actual_gbp, 0)
            else
                {{ last_year_profile(
                    'coalesce(items.actual_gbp, 0)', 'year_before.by_then_gbp', 'year_before.total_gbp'
                ) }}
        end as last_year_gbp
    from wanted
    inner join years on wanted.financial_year = years.financial_year
    left join years as last_year on years.financial_year_start = last_year.financial_year_start + 1
    left join items
        on
            wanted.financial_year = items.financial_year
            and wanted.breakdown_code = items.breakdown_code
            and wanted.item_code = items.item_code
    left join items as year_before
        on
            last_year.financial_year = year_before.financial_year
            and wanted.breakdown_code = year_before.breakdown_code
            and wanted.item_code = year_before.item_code
    left join planned_year on wanted.financial_year = planned_year.financial_year
    left join cash_budget on wanted.financial_year = cash_budget.financial_year

),

paid as (

    select
        contribution.financial_year,
        contribution.contributor_key,
        coalesce(sum(contribution.amount_gbp) filter (where contribution.step_code = 'DUE'), 0) as budget_gbp,
        coalesce(sum(contribution.amount_gbp) filter (
            where contribution.step_code = 'DUE' and contribution.step_date <= {{ as_at_date() }}
        ), 0) as budget_to_date_gbp,
        coalesce(sum(contribution.amount_gbp) filter (
            where contribution.step_code = 'RECEIVED' and contribution.step_date <= {{ as_at_date() }}
        ), 0) as actual_gbp,
        coalesce(sum(contribution.amount_gbp) filter (
            where contribution.step_code = 'INVOICED' and contribution.step_date <= {{ as_at_date() }}
        ), 0) as invoiced_gbp,
        coalesce(sum(contribution.amount_gbp) filter (
            where
            contribution.step_code = 'RECEIVED'
            and contribution.step_date <= ({{ as_at_date() }} - interval '1 year')::date
        ), 0) as by_then_gbp
    from contribution
    group by contribution.financial_year, contribution.contributor_key

),

received as (

    select
        paid.financial_year,
        'CONTRIBUTOR' as breakdown_code,
        paid.contributor_key as item_code,
        years.to_period,
        paid.budget_gbp,
        paid.budget_to_date_gbp,
        paid.actual_gbp,
        paid.invoiced_gbp - paid.actual_gbp as commitment_gbp,
        case
            when years.is_over then paid.actual_gbp
            else {{ straight_line('paid.actual_gbp', 'years.to_period') }}
        end as straight_line_gbp,
        case
            when years.is_over then paid.actual_gbp
            else {{ last_year_profile('paid.actual_gbp', 'year_before.by_then_gbp', 'year_before.actual_gbp') }}
        end as last_year_gbp
    from paid
    inner join years on paid.financial_year = years.financial_year
    left join years as last_year on years.financial_year_start = last_year.financial_year_start + 1
    left join paid as year_before
        on
            last_year.financial_year = year_before.financial_year
            and paid.contributor_key = year_before.contributor_key

),

all_items as (

    select
        financial_year,
        breakdown_code,
        item_code,
        to_period,
        budget_gbp,
        round(budget_gbp * to_period / 12, 2) as budget_to_date_gbp,
        actual_gbp,
        commitment_gbp,
        round(straight_line_gbp, 2) as straight_line_gbp,
        round(last_year_gbp, 2) as last_year_gbp
    from spent
    union all
    -- what is left when income is taken off; a side with neither money nor forecast takes nothing away
    select
        financial_year,
        breakdown_code,
        'NET' as item_code,
        to_period,
        case when count(budget_gbp) = 2 then sum(budget_gbp) end as budget_gbp,
        case when count(budget_gbp) = 2 then sum(round(budget_gbp * to_period / 12, 2)) end as budget_to_date_gbp,
        sum(actual_gbp) as actual_gbp,
        sum(commitment_gbp) as commitment_gbp,
        sum(round(straight_line_gbp, 2)) as straight_line_gbp,
        case
            when not bool_or(last_year_gbp is null and actual_gbp <> 0) then sum(round(last_year_gbp, 2))
        end as last_year_gbp
    from spent
    where breakdown_code = 'SERVICE'
    group by financial_year, breakdown_code, to_period
    union all
    select
        financial_year,
        breakdown_code,
        item_code,
        to_period,
        budget_gbp,
        budget_to_date_gbp,
        actual_gbp,
        commitment_gbp,
        round(straight_line_gbp, 2) as straight_line_gbp,
        round(last_year_gbp, 2) as last_year_gbp
    from received

),

-- an account that was renamed goes by its newest name
account_name as (

    select
        subjective_code,
        account_name,
        row_number() over (partition by subjective_code order by valid_from desc nulls last, account_key desc)
            as name_number
    from account

),

indicative as (

    select
        budget_line.financial_year,
        item.breakdown_code,
        item.item_code
    from budget_line
    cross join
        lateral (
            values
            ('SERVICE', 'ALL'),
            ('PROGRAMME', budget_line.programme_code),
            ('CONTRIBUTOR', budget_line.contributor_key)
        ) as item (breakdown_code, item_code)
    where budget_line.status_code = 'INDICATIVE'
    group by budget_line.financial_year, item.breakdown_code, item.item_code

),

named as (

    select
        all_items.*,
        case all_items.breakdown_code
            when 'SERVICE' then initcap(all_items.item_code)
            when 'PROGRAMME' then coalesce(programme.programme_name, all_items.item_code)
            when 'SUBJECTIVE' then coalesce(account_name.account_name, all_items.item_code)
            when 'CONTRIBUTOR' then coalesce(contributor.contributor_name, all_items.item_code)
            else
                left(all_items.item_code, 1)
                || lower(replace(right(all_items.item_code, -1), '_', ' '))
        end as item_name,
        indicative.financial_year is not null as is_indicative,
        array_position(
            array['SERVICE', 'PROGRAMME', 'ACCOUNT_GROUP', 'SUBJECTIVE', 'CONTRIBUTOR'], all_items.breakdown_code
        ) as breakdown_number,
        coalesce(array_position(array['SPENDING', 'INCOME', 'NET'], all_items.item_code), 0) as service_number
    from all_items
    left join programme
        on all_items.breakdown_code = 'PROGRAMME' and all_items.item_code = programme.programme_code
    left join account_name
        on
            all_items.breakdown_code = 'SUBJECTIVE'
            and all_items.item_code = account_name.subjective_code
            and account_name.name_number = 1
    left join contributor
        on all_items.breakdown_code = 'CONTRIBUTOR' and all_items.item_code = contributor.contributor_key
    -- what the spending of an account rests on no budget line says: the year's
    left join indicative
        on
            all_items.financial_year = indicative.financial_year
            and case
                when all_items.breakdown_code in ('PROGRAMME', 'CONTRIBUTOR')
                    then
                        all_items.breakdown_code = indicative.breakdown_code
                        and all_items.item_code = indicative.item_code
                else indicative.breakdown_code = 'SERVICE'
            end

),

final as (

    select
        financial_year,
        breakdown_code,
        item_code,
        item_name,
        to_period,
        budget_gbp::numeric(14, 2) as budget_gbp,
        budget_to_date_gbp::numeric(14, 2) as budget_to_date_gbp,
        actual_gbp::numeric(14, 2) as actual_gbp,
        commitment_gbp::numeric(14, 2) as commitment_gbp,
        (actual_gbp - budget_to_date_gbp)::numeric(14, 2) as variance_to_date_gbp,
        straight_line_gbp::numeric(14, 2) as forecast_straight_line_gbp,
        last_year_gbp::numeric(14, 2) as forecast_last_year_gbp,
        (straight_line_gbp - budget_gbp)::numeric(14, 2) as variance_straight_line_gbp,
        (last_year_gbp - budget_gbp)::numeric(14, 2) as variance_last_year_gbp,
        is_indicative,
        row_number() over (
            partition by financial_year
            order by breakdown_number, service_number, item_code
        )::integer as row_order,
        '{{ var("yos:service") }}' as service_code
    from named

)

select * from final
