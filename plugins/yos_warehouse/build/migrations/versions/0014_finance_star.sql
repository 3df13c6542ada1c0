-- Drafted by `yos migration` from the models; runs as role yos_owner.

-- ------------------------------------------------------------ marts.dim_account
create table marts.dim_account (
    account_key text not null,
    subjective_code text,
    account_name text,
    account_group_code text,
    return_category_code text,
    outturn_category_code text,
    is_income boolean,
    valid_from date,
    valid_to date,
    service_code text,
    primary key (account_key)
);
comment on table marts.dim_account is 'Accounts of the ledger (subjective codes) and what they are in the Youth Justice Board''s return and in the Ministry''s outturn table. Grain: one row per account and time in which it meant the same, and UNMAPPED. Rules: a posting has the account as it was on the last day of its period, whenever the posting was made. A change of category is a further row of ref_account with its first day. Known limits: what no list knows is UNMAPPED and counts as spending. Example question: which accounts are staffing costs in the return, and since when?';
comment on column marts.dim_account.account_key is 'Subjective code and first day, A1000@2000-04-01; UNMAPPED';
comment on column marts.dim_account.subjective_code is 'Kind of income or spending';
comment on column marts.dim_account.account_name is 'Name';
comment on column marts.dim_account.account_group_code is 'EMPLOYEES, PREMISES, TRANSPORT, SUPPLIES_AND_SERVICES, THIRD_PARTY_PAYMENTS, INCOME or UNMAPPED';
comment on column marts.dim_account.return_category_code is 'STAFFING_COSTS, OTHER_DELEGATED_FUNDS, NOT_IN_RETURN or UNMAPPED: column of the Youth Justice Board''s return';
comment on column marts.dim_account.outturn_category_code is 'EMPLOYEES, RUNNING_EXPENSES, SALES_FEES_CHARGES, OTHER_INCOME, NOT_IN_OUTTURN or UNMAPPED: column of the Ministry''s outturn table';
comment on column marts.dim_account.is_income is 'Income';
comment on column marts.dim_account.valid_from is 'First day';
comment on column marts.dim_account.valid_to is 'Last day; null: still';
comment on column marts.dim_account.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on marts.dim_account to yos_publisher;
grant select on marts.dim_account to yos_analyst, yos_finance;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('marts', 'dim_account', 'finance', '0014')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ marts.dim_contributor
alter table marts.dim_contributor add column contributor_kind_code text;
comment on column marts.dim_contributor.contributor_kind_code is 'POLICE_AND_CRIME_COMMISSIONER, PROBATION, HEALTH, LOCAL_AUTHORITY, GRANT, OTHER; NOT_KNOWN: not in ref_contributor';
alter table marts.dim_contributor add column is_reserve boolean;
comment on column marts.dim_contributor.is_reserve is 'The service''s own reserve, which owes nothing';
comment on table marts.dim_contributor is 'Who pays into the service. Grain: one row per contributor, and -1 (not known). Rules: the name is the one printed on the newest budget; kind of body and reserve by ref_contributor. Who is on no budget is here only if ref_contributor knows the code: another list''s word may be anybody''s name. Known limits: no history of names. Example question: who are the partners, and of what kind?';

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('marts', 'dim_contributor', 'finance', '0014')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ marts.dim_cost_centre
create table marts.dim_cost_centre (
    cost_centre_code text not null,
    cost_centre_name text,
    service_code text,
    primary key (cost_centre_code)
);
comment on table marts.dim_cost_centre is 'Cost centres of the service. Grain: one row per cost centre, and UNMAPPED. Rules: ref_cost_centre; what it does not know is UNMAPPED, because a word in a code''s place may be anybody''s name. Known limits: no history of names. Example question: which cost centres are there?';
comment on column marts.dim_cost_centre.cost_centre_code is 'Cost centre; UNMAPPED';
comment on column marts.dim_cost_centre.cost_centre_name is 'Name';
comment on column marts.dim_cost_centre.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on marts.dim_cost_centre to yos_publisher;
grant select on marts.dim_cost_centre to yos_analyst, yos_finance;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('marts', 'dim_cost_centre', 'finance', '0014')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ marts.dim_financial_period
create table marts.dim_financial_period (
    financial_period_key integer not null,
    financial_year text,
    financial_year_start integer,
    period integer,
    period_name text,
    quarter integer,
    first_day date,
    last_day date,
    is_adjustment boolean,
    service_code text,
    primary key (financial_period_key)
);
comment on table marts.dim_financial_period is 'The periods of the ledger. Grain: one row per period of a financial year, and -1 (not known). Rules: periods 1 to 12 are April to March; 13 and 14 are adjustments of the year''s end and belong to 31 March. The key is the year''s first calendar year * 100 + the period, so keys are in order. Known limits: a ledger of more than two adjustment periods is held back at the door. Example question: which days are period 7 of 2025/26?';
comment on column marts.dim_financial_period.financial_period_key is '202501 is April 2025, 202513 the first adjustment of 2025/26; -1 not known';
comment on column marts.dim_financial_period.financial_year is '2025/26; NOT_KNOWN';
comment on column marts.dim_financial_period.financial_year_start is 'Year in which it begins';
comment on column marts.dim_financial_period.period is '1 April to 12 March, 13 and 14 adjustments';
comment on column marts.dim_financial_period.period_name is 'April 2025; Adjustment 13 of 2025/26';
comment on column marts.dim_financial_period.quarter is '1 to 4; adjustments are in 4';
comment on column marts.dim_financial_period.first_day is 'First day; of an adjustment 31 March';
comment on column marts.dim_financial_period.last_day is 'Last day; of an adjustment 31 March';
comment on column marts.dim_financial_period.is_adjustment is 'Period 13 or 14';
comment on column marts.dim_financial_period.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on marts.dim_financial_period to yos_publisher;
grant select on marts.dim_financial_period to yos_analyst, yos_finance;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('marts', 'dim_financial_period', 'finance', '0014')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ marts.dim_programme
create table marts.dim_programme (
    programme_code text not null,
    programme_name text,
    funding_stream_code text,
    service_code text,
    primary key (programme_code)
);
comment on table marts.dim_programme is 'Programmes: the core service and what is paid for beside it. Grain: one row per programme, and UNMAPPED. Rules: projects of the ledger and contributors of additional lines become programmes by map_programme; a posting without project is CORE. Known limits: no history. Example question: what was spent on each programme?';
comment on column marts.dim_programme.programme_code is 'CORE, IMPACT, ACE, KICK_START_YOUR_LIFE, GRANTS, STEPPING_STONES; UNMAPPED';
comment on column marts.dim_programme.programme_name is 'Name';
comment on column marts.dim_programme.funding_stream_code is 'core or additional; NOT_KNOWN';
comment on column marts.dim_programme.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on marts.dim_programme to yos_publisher;
grant select on marts.dim_programme to yos_analyst, yos_finance;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('marts', 'dim_programme', 'finance', '0014')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ marts.dim_reserve
create table marts.dim_reserve (
    reserve_code text not null,
    reserve_name text,
    service_code text,
    primary key (reserve_code)
);
comment on table marts.dim_reserve is 'Reserves of the service. Grain: one row per reserve, and UNMAPPED. Rules: ref_reserve; what it does not know is UNMAPPED, because a word in a code''s place may be anybody''s name. Known limits: no history of names. Example question: which reserves are there?';
comment on column marts.dim_reserve.reserve_code is 'Reserve; UNMAPPED';
comment on column marts.dim_reserve.reserve_name is 'Name';
comment on column marts.dim_reserve.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on marts.dim_reserve to yos_publisher;
grant select on marts.dim_reserve to yos_analyst, yos_finance;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('marts', 'dim_reserve', 'finance', '0014')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ marts.fct_outturn
create table marts.fct_outturn (
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
    service_code text,
    primary key (financial_year, area_code)
);
comment on table marts.fct_outturn is 'Outturn of youth justice by authority, as the Ministry''s table gives it. Grain: one row per financial year and authority. Rules: pounds thousand of the table in pounds. [x] in the table is not reported: the amount is null, not nothing. docs/finance/outturn.md. Known limits: published, not computed here; authorities without youth justice report nothing or 0. The row of England is not the sum of its rounded parts. Example question: what do authorities like ours spend on youth justice?';
comment on column marts.fct_outturn.financial_year is '2024/25';
comment on column marts.fct_outturn.area_code is 'ONS code of the authority; E92000001 is England';
comment on column marts.fct_outturn.area_name is 'Name in the table';
comment on column marts.fct_outturn.area_class_code is 'Kind of authority: UA, SC, SD, MD, LONDON ...; NOT_KNOWN';
comment on column marts.fct_outturn.employees_gbp is 'Employees, pounds';
comment on column marts.fct_outturn.running_expenses_gbp is 'Running expenses, pounds';
comment on column marts.fct_outturn.total_expenditure_gbp is 'Both together, pounds';
comment on column marts.fct_outturn.sales_fees_charges_gbp is 'Sales, fees and charges, pounds';
comment on column marts.fct_outturn.other_income_gbp is 'Other income, pounds';
comment on column marts.fct_outturn.total_income_gbp is 'Both together, pounds';
comment on column marts.fct_outturn.net_current_gbp is 'Expenditure less income, pounds';
comment on column marts.fct_outturn.is_reported is 'All seven amounts are there';
comment on column marts.fct_outturn.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on marts.fct_outturn to yos_publisher;
grant select on marts.fct_outturn to yos_analyst, yos_finance;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('marts', 'fct_outturn', 'finance', '0014')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ reports.rpt_reconciliation
create table reports.rpt_reconciliation (
    check_code text not null,
    financial_year text not null,
    period integer not null,
    budget_version text not null,
    subject_code text not null,
    expected_gbp numeric(18,2),
    found_gbp numeric(18,2),
    difference_gbp numeric(18,2),
    expected_lines bigint,
    found_lines bigint,
    outcome_code text,
    delivery_date date,
    load_id bigint,
    service_code text,
    primary key (check_code, financial_year, period, budget_version, subject_code)
);
comment on table reports.rpt_reconciliation is 'Does the money add up: every check as a row, also those that agree. Grain: one row per check, financial year, period, version of the budget and subject. Rules: BUDGET_AGENCY: staffing and other funds of a contributor against the totals its lines print. BUDGET_COLUMNS: the columns of a budget against its agencies. BUDGET_STATED: the lines against each total the board prints. LEDGER_CONTROL: postings of a period and status, and their number, against the ledger''s control total. RESERVE_BALANCE: the movements made against the balance stated. Budget and ledger are never set equal; payments in kind are in the budget alone. One row that differs by a penny holds publication of finance. docs/finance/reconciliation.md. Known limits: what nobody states is NOTHING_TO_COMPARE. Example question: which periods of the ledger do not agree with its control total?';
comment on column reports.rpt_reconciliation.check_code is 'BUDGET_AGENCY, BUDGET_COLUMNS, BUDGET_STATED, LEDGER_CONTROL or RESERVE_BALANCE';
comment on column reports.rpt_reconciliation.financial_year is '2025/26; NOT_KNOWN';
comment on column reports.rpt_reconciliation.period is 'Period of the ledger; 0 none';
comment on column reports.rpt_reconciliation.budget_version is 'Version of the budget; empty: none';
comment on column reports.rpt_reconciliation.subject_code is 'Contributor, total, status or reserve';
comment on column reports.rpt_reconciliation.expected_gbp is 'Pounds as stated; null: nobody states it';
comment on column reports.rpt_reconciliation.found_gbp is 'Pounds as the rows add up';
comment on column reports.rpt_reconciliation.difference_gbp is 'Found less stated';
comment on column reports.rpt_reconciliation.expected_lines is 'Number of rows as stated; null: not stated';
comment on column reports.rpt_reconciliation.found_lines is 'Number of rows; null: not counted';
comment on column reports.rpt_reconciliation.outcome_code is 'AGREES, DIFFERS or NOTHING_TO_COMPARE';
comment on column reports.rpt_reconciliation.delivery_date is 'Business date of the delivery that states it; null';
comment on column reports.rpt_reconciliation.load_id is 'Load of that delivery; null';
comment on column reports.rpt_reconciliation.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on reports.rpt_reconciliation to yos_publisher;
grant select on reports.rpt_reconciliation to yos_analyst, yos_finance;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('reports', 'rpt_reconciliation', 'finance', '0014')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ marts.fct_budget_line
comment on column marts.fct_budget_line.budget_version is 'Version of the year''s budget; NOT_KNOWN: no number';
alter table marts.fct_budget_line add column line_number integer;
comment on column marts.fct_budget_line.line_number is 'Place in the table as it was delivered, from 1';
comment on column marts.fct_budget_line.status_code is 'CONFIRMED, INDICATIVE, NOT_STATED; NOT_KNOWN';
comment on column marts.fct_budget_line.funding_stream_code is 'core or additional; NOT_KNOWN';
alter table marts.fct_budget_line add column programme_code text;
comment on column marts.fct_budget_line.programme_code is 'Programme it pays for; of a core line CORE; UNMAPPED';
alter table marts.fct_budget_line add column printed_label text;
comment on column marts.fct_budget_line.printed_label is 'The contributor''s name as this version prints it';
alter table marts.fct_budget_line add constraint fct_budget_line_programme_code_fkey foreign key (programme_code)
    references marts.dim_programme (programme_code) deferrable initially deferred;
create index on marts.fct_budget_line (programme_code);
comment on table marts.fct_budget_line is 'The budget by contributor and funding stream. Grain: one row per contributor, funding stream, year and version. Rules: the total is staffing in kind and other delegated funds; payments in kind, which the board prints twice, count once. Of each year the newest version is in force, 10 after 9. docs/finance/budget.md. Known limits: a printed total that differs is reported, not believed. What is paid in kind is in no ledger: the two are never set equal. Example question: what does each partner give this year, in kind and in cash?';

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('marts', 'fct_budget_line', 'finance', '0014')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ marts.fct_contribution
create table marts.fct_contribution (
    step_code text not null,
    source_key bigint not null,
    instalment_number integer not null,
    invoice_key bigint,
    contributor_key text,
    financial_year text,
    funding_stream_code text,
    step_date date,
    payment_due_date date,
    amount_gbp numeric(14,2),
    service_code text,
    primary key (step_code, source_key, instalment_number)
);
alter table marts.fct_contribution add constraint fct_contribution_contributor_key_fkey foreign key (contributor_key)
    references marts.dim_contributor (contributor_key) deferrable initially deferred;
create index on marts.fct_contribution (contributor_key);
alter table marts.fct_contribution add constraint fct_contribution_step_date_fkey foreign key (step_date)
    references marts.dim_date (date_key) deferrable initially deferred;
comment on table marts.fct_contribution is 'Contributions in cash by step: due, invoiced, received. Grain: one row per instalment of a budget line, per invoice and per payment. Rules: due are other delegated funds of the budget in force, without reserves, in the instalments of ref_instalment; pennies left over are on the last. A payment has contributor and year of its invoice; without one -1 and the year in which it came. docs/finance/contributions.md. Known limits: numbers of invoices and payments stay in the closed zones. What is paid in kind is not here. Example question: what is invoiced and not yet received, by partner?';
comment on column marts.fct_contribution.step_code is 'DUE, INVOICED or RECEIVED';
comment on column marts.fct_contribution.source_key is 'Key of the budget line, the invoice or the payment, minted once';
comment on column marts.fct_contribution.instalment_number is 'Number of the instalment; 0 but for DUE';
comment on column marts.fct_contribution.invoice_key is 'Key of the invoice, or of the invoice that is paid; -1 none';
comment on column marts.fct_contribution.contributor_key is 'Who owes or pays';
comment on column marts.fct_contribution.financial_year is 'Year it is for, 2025/26';
comment on column marts.fct_contribution.funding_stream_code is 'core, additional, NOT_STATED; NOT_KNOWN';
comment on column marts.fct_contribution.step_date is 'Day it is due, was invoiced or came in; null outside the calendar';
comment on column marts.fct_contribution.payment_due_date is 'Day by which it is to be paid; null for a payment without invoice';
comment on column marts.fct_contribution.amount_gbp is 'Pounds; a credit note and money paid back are negative';
comment on column marts.fct_contribution.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on marts.fct_contribution to yos_publisher;
grant select on marts.fct_contribution to yos_analyst, yos_finance;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('marts', 'fct_contribution', 'finance', '0014')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ marts.fct_grant
create table marts.fct_grant (
    grant_key bigint not null,
    contributor_key text,
    programme_code text,
    financial_year text,
    grant_version text,
    is_in_force boolean,
    status_code text,
    start_date date,
    end_date date,
    confirmed_date date,
    amount_gbp numeric(14,2),
    service_code text,
    primary key (grant_key)
);
alter table marts.fct_grant add constraint fct_grant_contributor_key_fkey foreign key (contributor_key)
    references marts.dim_contributor (contributor_key) deferrable initially deferred;
create index on marts.fct_grant (contributor_key);
alter table marts.fct_grant add constraint fct_grant_programme_code_fkey foreign key (programme_code)
    references marts.dim_programme (programme_code) deferrable initially deferred;
create index on marts.fct_grant (programme_code);
comment on table marts.fct_grant is 'Grants by year. Grain: one row per grant, year and version of the award. Rules: of each grant and year the newest version is in force, 10 after 9. Known limits: the grant''s reference stays in the closed zones. Example question: which grants of this year are not confirmed yet?';
comment on column marts.fct_grant.grant_key is 'Key of the award, minted once';
comment on column marts.fct_grant.contributor_key is 'Who grants it';
comment on column marts.fct_grant.programme_code is 'Programme it is for; UNMAPPED';
comment on column marts.fct_grant.financial_year is '2025/26';
comment on column marts.fct_grant.grant_version is 'Version of the award; NOT_KNOWN: no number';
comment on column marts.fct_grant.is_in_force is 'Newest version of the grant and year';
comment on column marts.fct_grant.status_code is 'CONFIRMED or INDICATIVE; NOT_KNOWN';
comment on column marts.fct_grant.start_date is 'First day';
comment on column marts.fct_grant.end_date is 'Last day';
comment on column marts.fct_grant.confirmed_date is 'Day it was confirmed; null';
comment on column marts.fct_grant.amount_gbp is 'Pounds of the year';
comment on column marts.fct_grant.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on marts.fct_grant to yos_publisher;
grant select on marts.fct_grant to yos_analyst, yos_finance;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('marts', 'fct_grant', 'finance', '0014')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ marts.fct_grant_condition
create table marts.fct_grant_condition (
    grant_condition_key bigint not null,
    contributor_key text,
    programme_code text,
    condition_code text,
    due_date date,
    met_date date,
    state_code text,
    service_code text,
    primary key (grant_condition_key)
);
alter table marts.fct_grant_condition add constraint fct_grant_condition_contributor_key_fkey foreign key (contributor_key)
    references marts.dim_contributor (contributor_key) deferrable initially deferred;
create index on marts.fct_grant_condition (contributor_key);
alter table marts.fct_grant_condition add constraint fct_grant_condition_programme_code_fkey foreign key (programme_code)
    references marts.dim_programme (programme_code) deferrable initially deferred;
create index on marts.fct_grant_condition (programme_code);
alter table marts.fct_grant_condition add constraint fct_grant_condition_due_date_fkey foreign key (due_date)
    references marts.dim_date (date_key) deferrable initially deferred;
comment on table marts.fct_grant_condition is 'Conditions of grants and how they stand at the as-at date. Grain: one row per condition. Rules: MET by its due day, MET_LATE after it; not met it is OPEN up to and on its due day and OVERDUE after it. Contributor and programme are those of the newest award of the grant. Known limits: the wording stays in the closed zones. Example question: which conditions are overdue?';
comment on column marts.fct_grant_condition.grant_condition_key is 'Key of the condition, minted once';
comment on column marts.fct_grant_condition.contributor_key is 'Who grants; -1: the grant itself was not delivered';
comment on column marts.fct_grant_condition.programme_code is 'Programme; UNMAPPED';
comment on column marts.fct_grant_condition.condition_code is 'Kind of condition (code_grant_condition); NOT_KNOWN';
comment on column marts.fct_grant_condition.due_date is 'To be met by; null outside the calendar';
comment on column marts.fct_grant_condition.met_date is 'Day it was met; null: not met by the as-at date';
comment on column marts.fct_grant_condition.state_code is 'MET, MET_LATE, OPEN or OVERDUE';
comment on column marts.fct_grant_condition.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on marts.fct_grant_condition to yos_publisher;
grant select on marts.fct_grant_condition to yos_analyst, yos_finance;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('marts', 'fct_grant_condition', 'finance', '0014')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ marts.fct_ledger_posting
comment on column marts.fct_ledger_posting.posting_date is 'Day of the posting; null outside the calendar';
alter table marts.fct_ledger_posting add column financial_period_key integer;
comment on column marts.fct_ledger_posting.financial_period_key is 'Period of the ledger; -1 not known';
comment on column marts.fct_ledger_posting.financial_year is '2025/26, as the ledger says; NOT_KNOWN';
alter table marts.fct_ledger_posting add column account_key text;
comment on column marts.fct_ledger_posting.account_key is 'Account as it was on the last day of the period; UNMAPPED';
comment on column marts.fct_ledger_posting.cost_centre_code is 'Cost centre; UNMAPPED';
alter table marts.fct_ledger_posting add column programme_code text;
comment on column marts.fct_ledger_posting.programme_code is 'Programme; without a project CORE; UNMAPPED';
comment on column marts.fct_ledger_posting.source_code is 'AP, AR, PAYROLL, JOURNAL, NOT_STATED; NOT_KNOWN';
comment on column marts.fct_ledger_posting.status_code is 'ACTUAL, COMMITMENT, ACCRUAL; NOT_KNOWN';
alter table marts.fct_ledger_posting add column supplier_category_code text;
comment on column marts.fct_ledger_posting.supplier_category_code is 'Kind of supplier (code_supplier_category): as the posting says; else EMPLOYEES of the payroll; else by the account; NOT_KNOWN. Never from the supplier''s name';
alter table marts.fct_ledger_posting add column is_reversal boolean;
comment on column marts.fct_ledger_posting.is_reversal is 'Takes another journal back';
alter table marts.fct_ledger_posting drop column subjective_code;
alter table marts.fct_ledger_posting drop column subjective_name;
alter table marts.fct_ledger_posting drop column project_code;
alter table marts.fct_ledger_posting add constraint fct_ledger_posting_financial_period_key_fkey foreign key (financial_period_key)
    references marts.dim_financial_period (financial_period_key) deferrable initially deferred;
create index on marts.fct_ledger_posting (financial_period_key);
alter table marts.fct_ledger_posting add constraint fct_ledger_posting_account_key_fkey foreign key (account_key)
    references marts.dim_account (account_key) deferrable initially deferred;
create index on marts.fct_ledger_posting (account_key);
-- Cost centres have a list from now on: what stands there is empty until the next publication writes the codes of the list.
update marts.fct_ledger_posting set cost_centre_code = null;
alter table marts.fct_ledger_posting add constraint fct_ledger_posting_cost_centre_code_fkey foreign key (cost_centre_code)
    references marts.dim_cost_centre (cost_centre_code) deferrable initially deferred;
create index on marts.fct_ledger_posting (cost_centre_code);
alter table marts.fct_ledger_posting add constraint fct_ledger_posting_programme_code_fkey foreign key (programme_code)
    references marts.dim_programme (programme_code) deferrable initially deferred;
create index on marts.fct_ledger_posting (programme_code);
comment on table marts.fct_ledger_posting is 'Journal lines of the ledger. Grain: one row per journal line. Rules: spending is positive, income negative; a line is income by its account, because a negative amount may be a correction. The account is that of the last day of the period. No line is left out: what no list knows is UNMAPPED or NOT_KNOWN, and the sum is the ledger''s to the penny. docs/finance/ledger.md. Known limits: descriptions, suppliers and journal numbers stay in the closed zones. A commitment is a signed line that the ledger takes back itself. Example question: how much was spent on agency staff by period?';

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('marts', 'fct_ledger_posting', 'finance', '0014')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ marts.fct_planned_spending
create table marts.fct_planned_spending (
    planned_spending_key bigint not null,
    financial_year text,
    plan_version text,
    is_in_force boolean,
    account_key text,
    cost_centre_code text,
    programme_code text,
    is_income boolean,
    amount_gbp numeric(14,2),
    service_code text,
    primary key (planned_spending_key)
);
alter table marts.fct_planned_spending add constraint fct_planned_spending_account_key_fkey foreign key (account_key)
    references marts.dim_account (account_key) deferrable initially deferred;
create index on marts.fct_planned_spending (account_key);
alter table marts.fct_planned_spending add constraint fct_planned_spending_cost_centre_code_fkey foreign key (cost_centre_code)
    references marts.dim_cost_centre (cost_centre_code) deferrable initially deferred;
create index on marts.fct_planned_spending (cost_centre_code);
alter table marts.fct_planned_spending add constraint fct_planned_spending_programme_code_fkey foreign key (programme_code)
    references marts.dim_programme (programme_code) deferrable initially deferred;
create index on marts.fct_planned_spending (programme_code);
comment on table marts.fct_planned_spending is 'The ledger''s own budget of a year: what is to be spent, and on what. Grain: one row per cost centre, account and project in one version of a year. Rules: spending is positive, income negative. Of each year the newest version is in force, 10 after 9. The account is that of 31 March. docs/finance/budget.md. Known limits: whole years only; the year is not spread over its periods. Example question: what was planned for agency staff this year?';
comment on column marts.fct_planned_spending.planned_spending_key is 'Key of the line, minted once';
comment on column marts.fct_planned_spending.financial_year is '2025/26';
comment on column marts.fct_planned_spending.plan_version is 'Version of the year''s plan; NOT_KNOWN: no number';
comment on column marts.fct_planned_spending.is_in_force is 'Newest version of its year';
comment on column marts.fct_planned_spending.account_key is 'Account; UNMAPPED';
comment on column marts.fct_planned_spending.cost_centre_code is 'Cost centre; UNMAPPED';
comment on column marts.fct_planned_spending.programme_code is 'Programme; without a project CORE; UNMAPPED';
comment on column marts.fct_planned_spending.is_income is 'Income';
comment on column marts.fct_planned_spending.amount_gbp is 'Pounds, signed';
comment on column marts.fct_planned_spending.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on marts.fct_planned_spending to yos_publisher;
grant select on marts.fct_planned_spending to yos_analyst, yos_finance;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('marts', 'fct_planned_spending', 'finance', '0014')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ marts.fct_reserve_movement
create table marts.fct_reserve_movement (
    reserve_movement_key bigint not null,
    reserve_code text,
    movement_date date,
    financial_period_key integer,
    financial_year text,
    period integer,
    movement_number bigint,
    kind_code text,
    status_code text,
    amount_gbp numeric(14,2),
    stated_balance_gbp numeric(14,2),
    service_code text,
    primary key (reserve_movement_key)
);
alter table marts.fct_reserve_movement add constraint fct_reserve_movement_reserve_code_fkey foreign key (reserve_code)
    references marts.dim_reserve (reserve_code) deferrable initially deferred;
create index on marts.fct_reserve_movement (reserve_code);
alter table marts.fct_reserve_movement add constraint fct_reserve_movement_movement_date_fkey foreign key (movement_date)
    references marts.dim_date (date_key) deferrable initially deferred;
alter table marts.fct_reserve_movement add constraint fct_reserve_movement_financial_period_key_fkey foreign key (financial_period_key)
    references marts.dim_financial_period (financial_period_key) deferrable initially deferred;
create index on marts.fct_reserve_movement (financial_period_key);
comment on table marts.fct_reserve_movement is 'Movements of reserves, made and planned. Grain: one row per movement. Rules: what is used is negative. An opening says what there is; the movements after it add to it. docs/finance/reserves.md. Known limits: notes stay in the closed zones. Example question: how much of the reserve is left?';
comment on column marts.fct_reserve_movement.reserve_movement_key is 'Key of the movement, minted once';
comment on column marts.fct_reserve_movement.reserve_code is 'Reserve; UNMAPPED';
comment on column marts.fct_reserve_movement.movement_date is 'Day of the movement; null outside the calendar';
comment on column marts.fct_reserve_movement.financial_period_key is 'Period of the ledger; -1 not known';
comment on column marts.fct_reserve_movement.financial_year is '2025/26; NOT_KNOWN';
comment on column marts.fct_reserve_movement.period is '1 April to 12 March, 13 and 14 adjustments';
comment on column marts.fct_reserve_movement.movement_number is 'Order among the movements of the reserve and status';
comment on column marts.fct_reserve_movement.kind_code is 'OPENING, ADDED, USED; NOT_KNOWN';
comment on column marts.fct_reserve_movement.status_code is 'MADE or PLANNED; NOT_KNOWN';
comment on column marts.fct_reserve_movement.amount_gbp is 'Pounds, signed';
comment on column marts.fct_reserve_movement.stated_balance_gbp is 'Balance after it as the ledger states it; null';
comment on column marts.fct_reserve_movement.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on marts.fct_reserve_movement to yos_publisher;
grant select on marts.fct_reserve_movement to yos_analyst, yos_finance;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('marts', 'fct_reserve_movement', 'finance', '0014')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ marts.fct_secondment
create table marts.fct_secondment (
    secondment_key bigint not null,
    contributor_key text,
    role_code text,
    whole_time_equivalent numeric(8,2),
    start_date date,
    end_date date,
    annual_value_gbp numeric(14,2),
    service_code text,
    primary key (secondment_key)
);
alter table marts.fct_secondment add constraint fct_secondment_contributor_key_fkey foreign key (contributor_key)
    references marts.dim_contributor (contributor_key) deferrable initially deferred;
create index on marts.fct_secondment (contributor_key);
alter table marts.fct_secondment add constraint fct_secondment_start_date_fkey foreign key (start_date)
    references marts.dim_date (date_key) deferrable initially deferred;
comment on table marts.fct_secondment is 'Staff that partners lend: payments in kind. Grain: one row per person lent, without a name. Rules: a value is that of a whole year, whatever the part of one that was worked. Known limits: the value need not be what the budget prints for the year: it is told beside it and not compared. Example question: how many whole-time equivalents does the police lend?';
comment on column marts.fct_secondment.secondment_key is 'Key of the secondment, minted once';
comment on column marts.fct_secondment.contributor_key is 'Who lends';
comment on column marts.fct_secondment.role_code is 'What the person does (code_secondment_role); NOT_KNOWN';
comment on column marts.fct_secondment.whole_time_equivalent is '1 is full time';
comment on column marts.fct_secondment.start_date is 'First day; null outside the calendar';
comment on column marts.fct_secondment.end_date is 'Last day; null: no end is known';
comment on column marts.fct_secondment.annual_value_gbp is 'Pounds of a whole year';
comment on column marts.fct_secondment.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on marts.fct_secondment to yos_publisher;
grant select on marts.fct_secondment to yos_analyst, yos_finance;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('marts', 'fct_secondment', 'finance', '0014')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

