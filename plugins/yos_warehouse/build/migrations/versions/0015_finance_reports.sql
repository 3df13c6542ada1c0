-- Drafted by `yos migration` from the models; runs as role yos_owner.

-- ------------------------------------------------------------ reports.rpt_caseload_of_year
create table reports.rpt_caseload_of_year (
    financial_year text not null,
    children_on_caseload integer,
    children_remanded integer,
    remand_bed_nights integer,
    is_hidden boolean,
    as_at date,
    service_code text,
    primary key (financial_year)
);
comment on table reports.rpt_caseload_of_year is 'How many children the service worked with in a financial year, and their bed-nights in youth detention on remand; small numbers hidden. Grain: one row per financial year with a child. Rules: docs/finance/unit_cost.md. A child is on the caseload of a year when an order runs on a day of it up to the as-at day; an order over the turn of the year counts in both. Numbers of 1 to 4 children are hidden, and with children on remand their nights. What rpt_indicator hides of a year is hidden here. Known limits: an order that nobody ended runs on. Children remanded are those with a night in the year, in rpt_indicator those whose remand began in it. Example question: how many children did the service work with last year?';
comment on column reports.rpt_caseload_of_year.financial_year is '2025/26';
comment on column reports.rpt_caseload_of_year.children_on_caseload is 'Children with an order running in the year; null when hidden';
comment on column reports.rpt_caseload_of_year.children_remanded is 'Children with a night in youth detention on remand in the year; null when hidden';
comment on column reports.rpt_caseload_of_year.remand_bed_nights is 'Their nights; null when hidden';
comment on column reports.rpt_caseload_of_year.is_hidden is 'A number of the row is hidden';
comment on column reports.rpt_caseload_of_year.as_at is 'What was known by the end of this day';
comment on column reports.rpt_caseload_of_year.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on reports.rpt_caseload_of_year to yos_publisher;
grant select on reports.rpt_caseload_of_year to yos_analyst;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('reports', 'rpt_caseload_of_year', 'children', '0015')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ reports.rpt_cost_of_year
create table reports.rpt_cost_of_year (
    financial_year text not null,
    spending_gbp numeric(14,2),
    income_gbp numeric(14,2),
    to_period integer,
    is_complete boolean,
    bed_price_gbp numeric(14,2),
    bed_price_source text,
    as_at date,
    service_code text,
    primary key (financial_year)
);
comment on table reports.rpt_cost_of_year is 'What each year cost and the price of a bed-night in it; says nothing of children. Grain: one row per financial year with postings or a price, up to the running one. Rules: docs/finance/unit_cost.md. Spending to date as in rpt_financial_position. Known limits: a remand is charged to the council, not always to the service''s ledger; its cost is reckoned, not posted. Example question: what did each year cost?';
comment on column reports.rpt_cost_of_year.financial_year is '2025/26';
comment on column reports.rpt_cost_of_year.spending_gbp is 'Spent to date; null without a posting';
comment on column reports.rpt_cost_of_year.income_gbp is 'Income to date, negative; null without a posting';
comment on column reports.rpt_cost_of_year.to_period is 'Months that count, 0 to 12';
comment on column reports.rpt_cost_of_year.is_complete is 'The year is over; its adjustments are in it';
comment on column reports.rpt_cost_of_year.bed_price_gbp is 'Price of a night in youth detention; null when not known';
comment on column reports.rpt_cost_of_year.bed_price_source is 'Who says so';
comment on column reports.rpt_cost_of_year.as_at is 'What was known by the end of this day';
comment on column reports.rpt_cost_of_year.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on reports.rpt_cost_of_year to yos_publisher;
grant select on reports.rpt_cost_of_year to yos_analyst, yos_finance;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('reports', 'rpt_cost_of_year', 'finance', '0015')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ reports.rpt_financial_position
create table reports.rpt_financial_position (
    financial_year text not null,
    breakdown_code text not null,
    item_code text not null,
    item_name text,
    to_period integer,
    budget_gbp numeric(14,2),
    budget_to_date_gbp numeric(14,2),
    actual_gbp numeric(14,2),
    commitment_gbp numeric(14,2),
    variance_to_date_gbp numeric(14,2),
    forecast_straight_line_gbp numeric(14,2),
    forecast_last_year_gbp numeric(14,2),
    variance_straight_line_gbp numeric(14,2),
    variance_last_year_gbp numeric(14,2),
    is_indicative boolean,
    row_order integer,
    service_code text,
    primary key (financial_year, breakdown_code, item_code)
);
comment on table reports.rpt_financial_position is 'Budget against actual, commitment and forecast, to date and for the whole year, of the running year and the one before. Grain: one row per financial year, breakdown and item. Rules: docs/finance/ledger.md and forecast.md. To date: months that are over by the as-at day (to_period); of a year that is over all fourteen periods. Actual: postings ACTUAL and ACCRUAL; a commitment is not spent. Budget: the ledger''s own plan; without one the cash budget, for the spending of the service only. Contributors: budget is cash due, actual what was received, commitment what is invoiced and not received, all by the as-at day. Spending is positive and income negative; of contributors what is received is positive. A programme''s row is its spending. Straight line (spent / months x 12) is not a prediction: it goes on as so far. Last-year profile is none either: it takes last year''s share by the same point. Of a year that is over both are what was spent. Known limits: the items'' last-year forecasts do not add up to the service''s. Quarterly payments in advance make the straight line of a contributor too high at the start of a quarter. Example question: where will the year end, and against which budget?';
comment on column reports.rpt_financial_position.financial_year is '2025/26';
comment on column reports.rpt_financial_position.breakdown_code is 'SERVICE, PROGRAMME, ACCOUNT_GROUP, SUBJECTIVE or CONTRIBUTOR';
comment on column reports.rpt_financial_position.item_code is 'SPENDING, INCOME and NET of the service; else the code of the programme, group, account or contributor';
comment on column reports.rpt_financial_position.item_name is 'Its name';
comment on column reports.rpt_financial_position.to_period is 'Months of the year that are over, 0 to 12';
comment on column reports.rpt_financial_position.budget_gbp is 'Budget of the whole year; null without one';
comment on column reports.rpt_financial_position.budget_to_date_gbp is 'Its part to date: a twelfth for each month; of contributors what was due by the as-at day';
comment on column reports.rpt_financial_position.actual_gbp is 'Spent, or received, to date';
comment on column reports.rpt_financial_position.commitment_gbp is 'Ordered and not spent; of contributors invoiced and not received';
comment on column reports.rpt_financial_position.variance_to_date_gbp is 'Actual less budget to date';
comment on column reports.rpt_financial_position.forecast_straight_line_gbp is 'Straight line: as much each month as so far; not a prediction. Null before the first month is over';
comment on column reports.rpt_financial_position.forecast_last_year_gbp is 'Last-year profile: as if by now the year had the share of its total that last year had; not a prediction. Null without a last year';
comment on column reports.rpt_financial_position.variance_straight_line_gbp is 'Straight line less budget';
comment on column reports.rpt_financial_position.variance_last_year_gbp is 'Last-year profile less budget';
comment on column reports.rpt_financial_position.is_indicative is 'A budget line behind it is not confirmed';
comment on column reports.rpt_financial_position.row_order is 'Order on the page';
comment on column reports.rpt_financial_position.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on reports.rpt_financial_position to yos_publisher;
grant select on reports.rpt_financial_position to yos_analyst, yos_finance;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('reports', 'rpt_financial_position', 'finance', '0015')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ reports.rpt_forecast_error
create table reports.rpt_forecast_error (
    breakdown_code text not null,
    item_code text not null,
    financial_year text not null,
    period integer not null,
    method_code text not null,
    forecast_gbp numeric(14,2),
    outturn_gbp numeric(14,2),
    error_gbp numeric(14,2),
    error_pct numeric,
    service_code text,
    primary key (breakdown_code, item_code, financial_year, period, method_code)
);
comment on table reports.rpt_forecast_error is 'What the two forecasts would have said in past years, period by period, and how far off they would have been. Grain: one row per item, year that is over, period 1 to 12 and method that could say something. Rules: docs/finance/forecast.md. The forecast at a period uses what periods 1 to it hold; the outturn is all fourteen. Known limits: the periods are as known today, with corrections made later; on the day itself less was known. Example question: by how much was the straight line out in September of the last years?';
comment on column reports.rpt_forecast_error.breakdown_code is 'SERVICE (item SPENDING) or ACCOUNT_GROUP';
comment on column reports.rpt_forecast_error.item_code is 'SPENDING, or the group of accounts';
comment on column reports.rpt_forecast_error.financial_year is '2025/26';
comment on column reports.rpt_forecast_error.period is 'Month after which it would have been forecast, 1 April to 12 March';
comment on column reports.rpt_forecast_error.method_code is 'STRAIGHT_LINE or LAST_YEAR_PROFILE; neither is a prediction';
comment on column reports.rpt_forecast_error.forecast_gbp is 'What the method would have said of the whole year';
comment on column reports.rpt_forecast_error.outturn_gbp is 'What the year came to, adjustments with it';
comment on column reports.rpt_forecast_error.error_gbp is 'Forecast less outturn';
comment on column reports.rpt_forecast_error.error_pct is 'Of the outturn, one decimal; null when it was nothing';
comment on column reports.rpt_forecast_error.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on reports.rpt_forecast_error to yos_publisher;
grant select on reports.rpt_forecast_error to yos_analyst, yos_finance;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('reports', 'rpt_forecast_error', 'finance', '0015')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ reports.rpt_outturn
create table reports.rpt_outturn (
    financial_year text not null,
    area_code text not null,
    area_name text,
    area_class_code text,
    employees_gbp numeric(14,2),
    running_expenses_gbp numeric(14,2),
    total_expenditure_gbp numeric(14,2),
    sales_fees_charges_gbp numeric(14,2),
    other_income_gbp numeric(14,2),
    total_income_gbp numeric(14,2),
    net_current_gbp numeric(14,2),
    is_reported boolean,
    is_complete boolean,
    source_basis text,
    service_code text,
    primary key (financial_year, area_code)
);
comment on table reports.rpt_outturn is 'What youth justice cost by council as published, beside this service by its own ledger, in the same categories. Grain: one row per financial year and area; SERVICE is this service. Rules: docs/finance/outturn.md. Published figures are returned in thousands of pounds and shown in pounds; the ledger''s are to the penny. Income is positive in both. Received and computed rows are never mixed: source_basis. Known limits: councils of one service each report their own part; a council that reported nothing has no amounts, which is not zero. Example question: what share of the spending goes on employees, here and elsewhere?';
comment on column reports.rpt_outturn.financial_year is '2025/26';
comment on column reports.rpt_outturn.area_code is 'Code of the council (ONS); SERVICE';
comment on column reports.rpt_outturn.area_name is 'Its name';
comment on column reports.rpt_outturn.area_class_code is 'Kind of council; SERVICE';
comment on column reports.rpt_outturn.employees_gbp is 'Employees';
comment on column reports.rpt_outturn.running_expenses_gbp is 'All other spending';
comment on column reports.rpt_outturn.total_expenditure_gbp is 'Both together';
comment on column reports.rpt_outturn.sales_fees_charges_gbp is 'Sales, fees and charges';
comment on column reports.rpt_outturn.other_income_gbp is 'All other income';
comment on column reports.rpt_outturn.total_income_gbp is 'Both together';
comment on column reports.rpt_outturn.net_current_gbp is 'Spending less income';
comment on column reports.rpt_outturn.is_reported is 'The council reported';
comment on column reports.rpt_outturn.is_complete is 'The year is over';
comment on column reports.rpt_outturn.source_basis is 'PUBLISHED or LOCAL_LEDGER';
comment on column reports.rpt_outturn.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on reports.rpt_outturn to yos_publisher;
grant select on reports.rpt_outturn to yos_analyst, yos_finance;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('reports', 'rpt_outturn', 'finance', '0015')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ reports.rpt_budget_table
create table reports.rpt_budget_table (
    financial_year text not null,
    budget_version text not null,
    row_number integer not null,
    row_kind_code text,
    contributor_key text,
    label text,
    status_code text,
    is_in_force boolean,
    printed_staffing_costs_gbp numeric(14,2),
    printed_payments_in_kind_gbp numeric(14,2),
    printed_other_delegated_gbp numeric(14,2),
    staffing_in_kind_gbp numeric(14,2),
    other_delegated_gbp numeric(14,2),
    total_gbp numeric(14,2),
    service_code text,
    primary key (financial_year, budget_version, row_number)
);
alter table reports.rpt_budget_table add constraint rpt_budget_table_contributor_key_fkey foreign key (contributor_key)
    references marts.dim_contributor (contributor_key) deferrable initially deferred;
create index on reports.rpt_budget_table (contributor_key);
comment on table reports.rpt_budget_table is 'The budget of each year and version in the form the board prints it. Grain: one row per printed row: core lines in the order of the file, their total, additional lines, the total of all. Rules: docs/finance/budget.md. The board prints seconded staff twice, as staffing costs and as payments in kind: the two printed columns show the same money. staffing_in_kind_gbp is that amount once, and every total counts it once. Known limits: below the core table the board prints totals alone. Example question: what does the table of this year''s budget look like?';
comment on column reports.rpt_budget_table.financial_year is '2025/26';
comment on column reports.rpt_budget_table.budget_version is 'Version of the year''s budget';
comment on column reports.rpt_budget_table.row_number is 'Place in the table';
comment on column reports.rpt_budget_table.row_kind_code is 'CONTRIBUTOR (a core line), CORE_TOTAL, ADDITIONAL or GRAND_TOTAL';
comment on column reports.rpt_budget_table.contributor_key is 'Who pays; null in a total';
comment on column reports.rpt_budget_table.label is 'As printed';
comment on column reports.rpt_budget_table.status_code is 'CONFIRMED, INDICATIVE or NOT_STATED; a total with an indicative line in it is INDICATIVE';
comment on column reports.rpt_budget_table.is_in_force is 'Newest version of its year';
comment on column reports.rpt_budget_table.printed_staffing_costs_gbp is 'Column Staffing costs as printed; null where nothing is printed';
comment on column reports.rpt_budget_table.printed_payments_in_kind_gbp is 'Column Payments in kind as printed: the same money as staffing costs, never to be added to it';
comment on column reports.rpt_budget_table.printed_other_delegated_gbp is 'Column Other delegated funds as printed';
comment on column reports.rpt_budget_table.staffing_in_kind_gbp is 'Seconded staff, once';
comment on column reports.rpt_budget_table.other_delegated_gbp is 'Other delegated funds';
comment on column reports.rpt_budget_table.total_gbp is 'Staffing in kind and other delegated funds together';
comment on column reports.rpt_budget_table.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on reports.rpt_budget_table to yos_publisher;
grant select on reports.rpt_budget_table to yos_analyst, yos_finance;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('reports', 'rpt_budget_table', 'finance', '0015')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ reports.rpt_contribution
create table reports.rpt_contribution (
    financial_year text not null,
    contributor_key text not null,
    due_full_year_gbp numeric(14,2),
    due_to_date_gbp numeric(14,2),
    invoiced_gbp numeric(14,2),
    received_gbp numeric(14,2),
    outstanding_gbp numeric(14,2),
    not_invoiced_gbp numeric(14,2),
    overdue_gbp numeric(14,2),
    overdue_30_days_gbp numeric(14,2),
    overdue_90_days_gbp numeric(14,2),
    oldest_due_date date,
    service_code text,
    primary key (financial_year, contributor_key)
);
alter table reports.rpt_contribution add constraint rpt_contribution_contributor_key_fkey foreign key (contributor_key)
    references marts.dim_contributor (contributor_key) deferrable initially deferred;
create index on reports.rpt_contribution (contributor_key);
comment on table reports.rpt_contribution is 'What each contributor owes of a year: due, invoiced, received, outstanding and overdue. Grain: one row per financial year and contributor. Rules: docs/finance/contributions.md. A payment counts for the invoice it names, a part payment for a part of it. A credit note, and what was paid too much, takes from the oldest open invoice first. Overdue: the day after the due date and later; 30 and 90 days: so many days or more after it. Known limits: cash only; seconded staff are in rpt_budget_table. A payment whose invoice is not known is under contributor -1. Example question: which partner has owed money for three months?';
comment on column reports.rpt_contribution.financial_year is '2025/26';
comment on column reports.rpt_contribution.contributor_key is 'Who pays; -1 not known';
comment on column reports.rpt_contribution.due_full_year_gbp is 'Cash due by the budget in force, whole year';
comment on column reports.rpt_contribution.due_to_date_gbp is 'Of it due by the as-at day';
comment on column reports.rpt_contribution.invoiced_gbp is 'Invoiced, credit notes taken off';
comment on column reports.rpt_contribution.received_gbp is 'Received';
comment on column reports.rpt_contribution.outstanding_gbp is 'Invoiced less received';
comment on column reports.rpt_contribution.not_invoiced_gbp is 'Due to date and not invoiced; at least 0';
comment on column reports.rpt_contribution.overdue_gbp is 'Open of invoices past their due date';
comment on column reports.rpt_contribution.overdue_30_days_gbp is 'Of it 30 days or more';
comment on column reports.rpt_contribution.overdue_90_days_gbp is 'Of it 90 days or more';
comment on column reports.rpt_contribution.oldest_due_date is 'Due date of the oldest overdue invoice; null without one';
comment on column reports.rpt_contribution.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on reports.rpt_contribution to yos_publisher;
grant select on reports.rpt_contribution to yos_analyst, yos_finance;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('reports', 'rpt_contribution', 'finance', '0015')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ reports.rpt_funder_share
create table reports.rpt_funder_share (
    financial_year text not null,
    contributor_key text not null,
    contributor_name text,
    contributor_kind_code text,
    core_gbp numeric(14,2),
    core_total_gbp numeric(14,2),
    share_pct numeric,
    share_without_reserve_pct numeric,
    service_code text,
    primary key (financial_year, contributor_key)
);
alter table reports.rpt_funder_share add constraint rpt_funder_share_contributor_key_fkey foreign key (contributor_key)
    references marts.dim_contributor (contributor_key) deferrable initially deferred;
create index on reports.rpt_funder_share (contributor_key);
comment on table reports.rpt_funder_share is 'Who pays which share of the core budget in force. Grain: one row per financial year and contributor of the core budget. Rules: docs/finance/budget.md. Staffing in kind counts once. share_without_reserve_pct leaves reserves out of both sides. Known limits: rounded shares need not add up to 100. Example question: what share of the service does the grant pay?';
comment on column reports.rpt_funder_share.financial_year is '2025/26';
comment on column reports.rpt_funder_share.contributor_key is 'Who pays';
comment on column reports.rpt_funder_share.contributor_name is 'Name as the board prints it';
comment on column reports.rpt_funder_share.contributor_kind_code is 'Kind of contributor';
comment on column reports.rpt_funder_share.core_gbp is 'Its core contribution, in kind and in cash';
comment on column reports.rpt_funder_share.core_total_gbp is 'The core budget';
comment on column reports.rpt_funder_share.share_pct is 'Per cent of the core budget, one decimal';
comment on column reports.rpt_funder_share.share_without_reserve_pct is 'Per cent of the core budget without reserves; null of a reserve';
comment on column reports.rpt_funder_share.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on reports.rpt_funder_share to yos_publisher;
grant select on reports.rpt_funder_share to yos_analyst, yos_finance;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('reports', 'rpt_funder_share', 'finance', '0015')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ reports.rpt_reserve_path
create table reports.rpt_reserve_path (
    reserve_code text not null,
    financial_period_key integer not null,
    financial_year text,
    period integer,
    period_name text,
    opening_gbp numeric(14,2),
    added_gbp numeric(14,2),
    used_gbp numeric(14,2),
    closing_gbp numeric(14,2),
    is_planned boolean,
    service_code text,
    primary key (reserve_code, financial_period_key)
);
alter table reports.rpt_reserve_path add constraint rpt_reserve_path_reserve_code_fkey foreign key (reserve_code)
    references marts.dim_reserve (reserve_code) deferrable initially deferred;
alter table reports.rpt_reserve_path add constraint rpt_reserve_path_financial_period_key_fkey foreign key (financial_period_key)
    references marts.dim_financial_period (financial_period_key) deferrable initially deferred;
create index on reports.rpt_reserve_path (financial_period_key);
comment on table reports.rpt_reserve_path is 'What each reserve holds, period by period, as moved and as planned. Grain: one row per reserve and financial period, from its first movement to its last or the end of the running year. Rules: docs/finance/reserves.md. Closing = opening + added + used (negative). An opening says what there is and starts the sum anew; that it is what was left before, rpt_reconciliation checks. A movement planned up to the as-at day and not made is left out. Known limits: adjustments (13, 14) have a row only where something moved. Example question: when will the reserve be used up as planned?';
comment on column reports.rpt_reserve_path.reserve_code is 'Which reserve';
comment on column reports.rpt_reserve_path.financial_period_key is '202501 is April 2025';
comment on column reports.rpt_reserve_path.financial_year is '2025/26';
comment on column reports.rpt_reserve_path.period is '1 April to 12 March, 13 and 14 adjustments';
comment on column reports.rpt_reserve_path.period_name is 'Name of the period';
comment on column reports.rpt_reserve_path.opening_gbp is 'Held when the period began';
comment on column reports.rpt_reserve_path.added_gbp is 'Put in';
comment on column reports.rpt_reserve_path.used_gbp is 'Taken out, negative';
comment on column reports.rpt_reserve_path.closing_gbp is 'Held at its end';
comment on column reports.rpt_reserve_path.is_planned is 'Rests on a movement that is only planned';
comment on column reports.rpt_reserve_path.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on reports.rpt_reserve_path to yos_publisher;
grant select on reports.rpt_reserve_path to yos_analyst, yos_finance;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('reports', 'rpt_reserve_path', 'finance', '0015')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ reports.rpt_unit_cost
-- Written by hand (docs/decisions/0012): with the owner's rights, so that finance reads what a child costs without
-- reading the table of children's numbers. What is small is hidden in that table: a null there is a null here.
create view reports.rpt_unit_cost as
select
    cost.financial_year,
    cost.spending_gbp,
    caseload.children_on_caseload,
    round(cost.spending_gbp / nullif(caseload.children_on_caseload, 0), 2)::numeric(14, 2) as cost_per_child_gbp,
    caseload.remand_bed_nights,
    cost.bed_price_gbp,
    (caseload.remand_bed_nights * cost.bed_price_gbp)::numeric(14, 2) as remand_cost_gbp,
    cost.is_complete,
    cost.as_at as finance_as_at,
    caseload.as_at as children_as_at,
    cost.service_code
from reports.rpt_cost_of_year as cost
left join reports.rpt_caseload_of_year as caseload
    on cost.financial_year = caseload.financial_year and cost.service_code = caseload.service_code
where cost.spending_gbp is not null or caseload.financial_year is not null;

comment on view reports.rpt_unit_cost is 'What a year cost for each child on the caseload, and its nights on remand at the year''s bed price. Grain: one row per financial year. Rules: docs/finance/unit_cost.md. Numbers of 1 to 4 children are hidden, with every amount that would give one away. Known limits: a mean over everybody with an order, however short; when finance or children are held, their side is of an earlier day.';
comment on column reports.rpt_unit_cost.financial_year is '2025/26';
comment on column reports.rpt_unit_cost.spending_gbp is 'Spent to date; of a year that is over with its adjustments';
comment on column reports.rpt_unit_cost.children_on_caseload is 'Children with an order running in the year; null when hidden or none';
comment on column reports.rpt_unit_cost.cost_per_child_gbp is 'Spending per child on the caseload; null when their number is';
comment on column reports.rpt_unit_cost.remand_bed_nights is 'Nights in youth detention on remand; null when hidden';
comment on column reports.rpt_unit_cost.bed_price_gbp is 'Price of a night in the year; null when not known';
comment on column reports.rpt_unit_cost.remand_cost_gbp is 'Nights at that price: reckoned, not posted';
comment on column reports.rpt_unit_cost.is_complete is 'The year is over';
comment on column reports.rpt_unit_cost.finance_as_at is 'What the ledger said by the end of this day';
comment on column reports.rpt_unit_cost.children_as_at is 'What was known of children by the end of this day';
comment on column reports.rpt_unit_cost.service_code is 'Service the row belongs to';
revoke all on reports.rpt_unit_cost from public;
grant select on reports.rpt_unit_cost to yos_publisher, yos_analyst, yos_finance;
