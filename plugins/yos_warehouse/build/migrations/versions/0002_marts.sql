-- Drafted by `yos migration` from the models; runs as role yos_owner.

-- ------------------------------------------------------------ marts.dim_child
create table marts.dim_child (
    person_key bigint not null,
    sex_code text,
    ethnicity_group_code text,
    ethnicity_group_name text,
    is_in_case_system boolean,
    service_code text,
    primary key (person_key)
);
comment on table marts.dim_child is 'Children known to the service or the police, by a key without meaning. Grain: one row per person, and the members -1 (not known) and -2 (not applicable). Rules: the best word on sex and ethnicity in the order case system, school, participation data, police, court; ethnicity as officers observed it is not used. Children withdrawn at the source and pupils unknown to the service are left out. Known limits: no age here, ages are on the facts; attributes are those of today, not of the day of an event. Example question: how do first-time entrants divide by ethnicity group?';
comment on column marts.dim_child.person_key is 'Key of the person, minted once';
comment on column marts.dim_child.sex_code is 'MALE, FEMALE, NOT_KNOWN or NOT_APPLICABLE';
comment on column marts.dim_child.ethnicity_group_code is 'ASIAN, BLACK, MIXED, OTHER, WHITE, NOT_KNOWN or NOT_APPLICABLE';
comment on column marts.dim_child.ethnicity_group_name is 'Name of the ethnicity group';
comment on column marts.dim_child.is_in_case_system is 'The service itself holds a record of the child';
comment on column marts.dim_child.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on marts.dim_child to yos_publisher;
grant select on marts.dim_child to yos_analyst, yos_practitioner;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('marts', 'dim_child', 'children', '0002')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ marts.dim_contributor
create table marts.dim_contributor (
    contributor_key text not null,
    contributor_name text,
    service_code text,
    primary key (contributor_key)
);
comment on table marts.dim_contributor is 'Who pays into the service. Grain: one row per contributor, and -1 (not known). Rules: the name is the one printed on the newest budget. Known limits: no history of names. Example question: who are the partners?';
comment on column marts.dim_contributor.contributor_key is 'Code of the contributor; -1 not known';
comment on column marts.dim_contributor.contributor_name is 'Name as the board prints it';
comment on column marts.dim_contributor.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on marts.dim_contributor to yos_publisher;
grant select on marts.dim_contributor to yos_analyst, yos_finance;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('marts', 'dim_contributor', 'finance', '0002')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ marts.dim_date
create table marts.dim_date (
    date_key date not null,
    calendar_year integer,
    calendar_quarter integer,
    calendar_month integer,
    month_name text,
    year_month text,
    day_of_week integer,
    day_name text,
    is_weekend boolean,
    financial_year_start integer,
    financial_year text,
    financial_quarter integer,
    financial_quarter_name text,
    financial_month integer,
    academic_year_start integer,
    academic_year text,
    primary key (date_key)
);
comment on table marts.dim_date is 'Calendar. Every day from 2000 to 2035 once, without a gap. Grain: one row per day. Rules: the financial year runs from 1 April, the academic year from 1 September. Known limits: no bank holidays and no school days yet; facts dated outside the calendar are left out of the facts (integrity test `facts_outside_the_calendar`). Example question: which days belong to quarter 3 of 2025/26?';
comment on column marts.dim_date.date_key is 'The day';
comment on column marts.dim_date.calendar_year is 'Year';
comment on column marts.dim_date.calendar_quarter is 'Quarter of the year, 1 to 4';
comment on column marts.dim_date.calendar_month is 'Month, 1 to 12';
comment on column marts.dim_date.month_name is 'Name of the month';
comment on column marts.dim_date.year_month is '2026-03';
comment on column marts.dim_date.day_of_week is '1 Monday to 7 Sunday';
comment on column marts.dim_date.day_name is 'Name of the day';
comment on column marts.dim_date.is_weekend is 'Saturday or Sunday';
comment on column marts.dim_date.financial_year_start is 'Year in which the financial year begins';
comment on column marts.dim_date.financial_year is '2025/26';
comment on column marts.dim_date.financial_quarter is '1 April to June, 4 January to March';
comment on column marts.dim_date.financial_quarter_name is '2025/26 Q1';
comment on column marts.dim_date.financial_month is '1 April to 12 March';
comment on column marts.dim_date.academic_year_start is 'Year in which the academic year begins';
comment on column marts.dim_date.academic_year is '2025/26';
grant select, insert, update, delete, maintain on marts.dim_date to yos_publisher;
grant select on marts.dim_date to yos_analyst, yos_finance, yos_practitioner;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('marts', 'dim_date', 'shared', '0002')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ marts.dim_geography
create table marts.dim_geography (
    geography_key text not null,
    district_name text,
    area_code text,
    area_name text,
    team_code text,
    team_name text,
    region_name text,
    service_code text,
    primary key (geography_key)
);
comment on table marts.dim_geography is 'Districts of the service with area and team. Grain: one row per district, and the members -1 (not known) and -2 (not applicable). Rules: the key is the published code of the district; from dags/services. Known limits: no history of boundaries. Example question: which districts does the north team serve?';
comment on column marts.dim_geography.geography_key is 'Code of the district, -1 or -2';
comment on column marts.dim_geography.district_name is 'District';
comment on column marts.dim_geography.area_code is 'Code of the authority';
comment on column marts.dim_geography.area_name is 'Authority';
comment on column marts.dim_geography.team_code is 'Team';
comment on column marts.dim_geography.team_name is 'Name of the team';
comment on column marts.dim_geography.region_name is 'Region';
comment on column marts.dim_geography.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on marts.dim_geography to yos_publisher;
grant select on marts.dim_geography to yos_analyst, yos_finance, yos_practitioner;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('marts', 'dim_geography', 'shared', '0002')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ marts.dim_offence
create table marts.dim_offence (
    offence_type_key text not null,
    offence_name text,
    ho_class text,
    category_code text,
    offence_group_code text,
    offence_group_name text,
    is_recordable boolean,
    is_breach boolean,
    is_bail_offence boolean,
    primary key (offence_type_key)
);
comment on table marts.dim_offence is 'Kinds of offence: CJS codes with Home Office class and group. Grain: one row per CJS code, and -1 (not in the code list) and -2 (not applicable). Rules: category CB is a breach and no offence; SE20001, breach of a criminal behaviour order, is an offence. Known limits: titles are cut to 80 characters; codes without a Home Office class have no group. Example question: which offence groups do reoffences fall into?';
comment on column marts.dim_offence.offence_type_key is 'CJS code, -1 or -2';
comment on column marts.dim_offence.offence_name is 'Title, at most 80 characters';
comment on column marts.dim_offence.ho_class is 'Home Office class and subclass, -1 when not classified';
comment on column marts.dim_offence.category_code is 'CE either way, CI indictable, CS and CM summary, CB breach; -1 not known';
comment on column marts.dim_offence.offence_group_code is 'Ministry of Justice group';
comment on column marts.dim_offence.offence_group_name is 'Name of the group';
comment on column marts.dim_offence.is_recordable is 'Recordable on the PNC';
comment on column marts.dim_offence.is_breach is 'A breach, not an offence';
comment on column marts.dim_offence.is_bail_offence is 'Failing to surrender to bail';
grant select, insert, update, delete, maintain on marts.dim_offence to yos_publisher;
grant select on marts.dim_offence to yos_analyst, yos_practitioner;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('marts', 'dim_offence', 'children', '0002')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ marts.dim_outcome
create table marts.dim_outcome (
    outcome_type_key text not null,
    outcome_name text,
    tier_code text,
    outcome_rank integer,
    is_substantive boolean,
    is_custody boolean,
    is_court_disposal boolean,
    primary key (outcome_type_key)
);
comment on table marts.dim_outcome is 'Legal outcomes with tier and order of seriousness. Grain: one row per legal outcome, and -1 (not in the code list) and -2 (not applicable). Rules: docs/indicators/tiers_and_rank.md; rank 1 is the most serious. Known limits: rank is the project''s own, the Youth Justice Board does not publish its table. Example question: what is a substantive outcome?';
comment on column marts.dim_outcome.outcome_type_key is 'Legal outcome, -1 or -2';
comment on column marts.dim_outcome.outcome_name is 'Name';
comment on column marts.dim_outcome.tier_code is 'CUSTODY, COMMUNITY, FIRST_TIER, PRE_COURT, DIVERSION, NONE or UNMAPPED';
comment on column marts.dim_outcome.outcome_rank is '1 is the most serious';
comment on column marts.dim_outcome.is_substantive is 'Youth caution, youth conditional caution or sentence';
comment on column marts.dim_outcome.is_custody is 'Custodial sentence';
comment on column marts.dim_outcome.is_court_disposal is 'Given by a court as a disposal';
grant select, insert, update, delete, maintain on marts.dim_outcome to yos_publisher;
grant select on marts.dim_outcome to yos_analyst, yos_practitioner;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('marts', 'dim_outcome', 'children', '0002')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ reports.rpt_local_indicator_children
create table reports.rpt_local_indicator_children (
    indicator_id text not null,
    indicator_name text,
    unit_of_value text,
    polarity text,
    target text,
    target_value numeric(18,6),
    target_confidence text,
    period_label text,
    as_at date,
    numerator numeric(18,2),
    denominator numeric(18,2),
    value numeric(18,6),
    last_year_numerator numeric(18,2),
    last_year_denominator numeric(18,2),
    last_year_value numeric(18,6),
    numerator_shown text,
    denominator_shown text,
    value_shown text,
    last_year_numerator_shown text,
    last_year_denominator_shown text,
    last_year_value_shown text,
    direction_words text,
    against_target text,
    note text,
    row_order integer,
    source_basis text,
    service_code text,
    primary key (indicator_id)
);
comment on table reports.rpt_local_indicator_children is 'The four local indicators of the board: first-time entrants, local reoffending, custody, suitable education at the end of an order. Grain: one row per indicator. Rules: year to date against the same point last year; counts of 1 to 4 are shown as c with any rate that gives one away; zero is shown. The order of the words follows sign and polarity. docs/indicators has a page for each. Known limits: computed from the service''s own record, never comparable with published figures; the same point last year is told by today''s record of then. Example question: are we better or worse than last year?';
comment on column reports.rpt_local_indicator_children.indicator_id is 'Name of the indicator';
comment on column reports.rpt_local_indicator_children.indicator_name is 'What it measures';
comment on column reports.rpt_local_indicator_children.unit_of_value is 'pct or ratio';
comment on column reports.rpt_local_indicator_children.polarity is 'higher_is_better or lower_is_better';
comment on column reports.rpt_local_indicator_children.target is 'Target in words; null without one';
comment on column reports.rpt_local_indicator_children.target_value is 'Target as a number; null without one';
comment on column reports.rpt_local_indicator_children.target_confidence is 'STATED or INFERRED';
comment on column reports.rpt_local_indicator_children.period_label is 'Year to date in words';
comment on column reports.rpt_local_indicator_children.as_at is 'What was known by the end of this day';
comment on column reports.rpt_local_indicator_children.numerator is 'Numerator; null when hidden';
comment on column reports.rpt_local_indicator_children.denominator is 'Denominator; null when hidden';
comment on column reports.rpt_local_indicator_children.value is 'Value, six decimals; null when hidden or not computable';
comment on column reports.rpt_local_indicator_children.last_year_numerator is 'The same point last year';
comment on column reports.rpt_local_indicator_children.last_year_denominator is 'The same point last year';
comment on column reports.rpt_local_indicator_children.last_year_value is 'The same point last year';
comment on column reports.rpt_local_indicator_children.numerator_shown is 'As shown; c is a count of 1 to 4';
comment on column reports.rpt_local_indicator_children.denominator_shown is 'As shown';
comment on column reports.rpt_local_indicator_children.value_shown is 'As shown, rounded half up';
comment on column reports.rpt_local_indicator_children.last_year_numerator_shown is 'As shown';
comment on column reports.rpt_local_indicator_children.last_year_denominator_shown is 'As shown';
comment on column reports.rpt_local_indicator_children.last_year_value_shown is 'As shown';
comment on column reports.rpt_local_indicator_children.direction_words is 'Better or worse than the same point last year';
comment on column reports.rpt_local_indicator_children.against_target is 'Meets or misses the target';
comment on column reports.rpt_local_indicator_children.note is 'What to bear in mind';
comment on column reports.rpt_local_indicator_children.row_order is 'Order on the page';
comment on column reports.rpt_local_indicator_children.source_basis is 'LOCAL_CMS or LOCAL_LEDGER: computed here';
comment on column reports.rpt_local_indicator_children.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on reports.rpt_local_indicator_children to yos_publisher;
grant select on reports.rpt_local_indicator_children to yos_analyst, yos_practitioner;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('reports', 'rpt_local_indicator_children', 'children', '0002')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ reports.rpt_local_indicator_finance
create table reports.rpt_local_indicator_finance (
    indicator_id text not null,
    indicator_name text,
    unit_of_value text,
    polarity text,
    target text,
    target_value numeric(18,6),
    target_confidence text,
    period_label text,
    as_at date,
    numerator numeric(18,2),
    denominator numeric(18,2),
    value numeric(18,6),
    last_year_numerator numeric(18,2),
    last_year_denominator numeric(18,2),
    last_year_value numeric(18,6),
    numerator_shown text,
    denominator_shown text,
    value_shown text,
    last_year_numerator_shown text,
    last_year_denominator_shown text,
    last_year_value_shown text,
    direction_words text,
    against_target text,
    note text,
    row_order integer,
    source_basis text,
    service_code text,
    primary key (indicator_id)
);
comment on table reports.rpt_local_indicator_finance is 'Spending of the year to date against the year''s budget. Grain: one row. Rules: cash only, payments in kind and income left out, commitments not counted. Known limits: no forecast yet. Example question: how much of the budget is spent?';
comment on column reports.rpt_local_indicator_finance.indicator_id is 'Name of the indicator';
comment on column reports.rpt_local_indicator_finance.indicator_name is 'What it measures';
comment on column reports.rpt_local_indicator_finance.unit_of_value is 'pct or ratio';
comment on column reports.rpt_local_indicator_finance.polarity is 'higher_is_better or lower_is_better';
comment on column reports.rpt_local_indicator_finance.target is 'Target in words; null without one';
comment on column reports.rpt_local_indicator_finance.target_value is 'Target as a number; null without one';
comment on column reports.rpt_local_indicator_finance.target_confidence is 'STATED or INFERRED';
comment on column reports.rpt_local_indicator_finance.period_label is 'Year to date in words';
comment on column reports.rpt_local_indicator_finance.as_at is 'What was known by the end of this day';
comment on column reports.rpt_local_indicator_finance.numerator is 'Numerator; null when hidden';
comment on column reports.rpt_local_indicator_finance.denominator is 'Denominator; null when hidden';
comment on column reports.rpt_local_indicator_finance.value is 'Value, six decimals; null when hidden or not computable';
comment on column reports.rpt_local_indicator_finance.last_year_numerator is 'The same point last year';
comment on column reports.rpt_local_indicator_finance.last_year_denominator is 'The same point last year';
comment on column reports.rpt_local_indicator_finance.last_year_value is 'The same point last year';
comment on column reports.rpt_local_indicator_finance.numerator_shown is 'As shown; c is a count of 1 to 4';
comment on column reports.rpt_local_indicator_finance.denominator_shown is 'As shown';
comment on column reports.rpt_local_indicator_finance.value_shown is 'As shown, rounded half up';
comment on column reports.rpt_local_indicator_finance.last_year_numerator_shown is 'As shown';
comment on column reports.rpt_local_indicator_finance.last_year_denominator_shown is 'As shown';
comment on column reports.rpt_local_indicator_finance.last_year_value_shown is 'As shown';
comment on column reports.rpt_local_indicator_finance.direction_words is 'Better or worse than the same point last year';
comment on column reports.rpt_local_indicator_finance.against_target is 'Meets or misses the target';
comment on column reports.rpt_local_indicator_finance.note is 'What to bear in mind';
comment on column reports.rpt_local_indicator_finance.row_order is 'Order on the page';
comment on column reports.rpt_local_indicator_finance.source_basis is 'LOCAL_CMS or LOCAL_LEDGER: computed here';
comment on column reports.rpt_local_indicator_finance.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on reports.rpt_local_indicator_finance to yos_publisher;
grant select on reports.rpt_local_indicator_finance to yos_analyst, yos_finance;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('reports', 'rpt_local_indicator_finance', 'finance', '0002')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ marts.fct_budget_line
create table marts.fct_budget_line (
    budget_line_key bigint not null,
    contributor_key text,
    financial_year text,
    budget_version text,
    is_in_force boolean,
    status_code text,
    funding_stream_code text,
    staffing_in_kind_gbp numeric(14,2),
    other_delegated_gbp numeric(14,2),
    total_gbp numeric(14,2),
    service_code text,
    primary key (budget_line_key)
);
alter table marts.fct_budget_line add constraint fct_budget_line_contributor_key_fkey foreign key (contributor_key)
    references marts.dim_contributor (contributor_key) deferrable initially deferred;
create index on marts.fct_budget_line (contributor_key);
comment on table marts.fct_budget_line is 'The budget by contributor and funding stream. Grain: one row per contributor, funding stream, year and version. Rules: the total is staffing in kind and other delegated funds; payments in kind, which the board prints twice, count once. Of each year the newest version is in force. Known limits: a printed total that differs is reported, not believed. Example question: what does each partner give this year, in kind and in cash?';
comment on column marts.fct_budget_line.budget_line_key is 'Key of the line, minted once';
comment on column marts.fct_budget_line.contributor_key is 'Who pays';
comment on column marts.fct_budget_line.financial_year is '2025/26';
comment on column marts.fct_budget_line.budget_version is 'Version of the year''s budget';
comment on column marts.fct_budget_line.is_in_force is 'Newest version of its year';
comment on column marts.fct_budget_line.status_code is 'CONFIRMED, INDICATIVE or NOT_STATED';
comment on column marts.fct_budget_line.funding_stream_code is 'core or additional';
comment on column marts.fct_budget_line.staffing_in_kind_gbp is 'Seconded staff, pounds';
comment on column marts.fct_budget_line.other_delegated_gbp is 'Other delegated funds, pounds';
comment on column marts.fct_budget_line.total_gbp is 'Both together, pounds';
comment on column marts.fct_budget_line.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on marts.fct_budget_line to yos_publisher;
grant select on marts.fct_budget_line to yos_analyst, yos_finance;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('marts', 'fct_budget_line', 'finance', '0002')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ marts.fct_cohort_member
create table marts.fct_cohort_member (
    cohort_code text not null,
    person_key bigint not null,
    outcome_type_key text,
    geography_key text,
    index_date date,
    tier_code text,
    age_at_index integer,
    window_start date,
    window_end date,
    tracking_start date,
    checkpoint_date date,
    reoffences integer,
    reoffences_to_checkpoint integer,
    first_reoffence_date date,
    is_reoffender boolean,
    is_follow_up_complete boolean,
    is_final boolean,
    source_basis text,
    service_code text,
    primary key (cohort_code, person_key)
);
alter table marts.fct_cohort_member add constraint fct_cohort_member_person_key_fkey foreign key (person_key)
    references marts.dim_child (person_key) deferrable initially deferred;
create index on marts.fct_cohort_member (person_key);
alter table marts.fct_cohort_member add constraint fct_cohort_member_outcome_type_key_fkey foreign key (outcome_type_key)
    references marts.dim_outcome (outcome_type_key) deferrable initially deferred;
create index on marts.fct_cohort_member (outcome_type_key);
alter table marts.fct_cohort_member add constraint fct_cohort_member_geography_key_fkey foreign key (geography_key)
    references marts.dim_geography (geography_key) deferrable initially deferred;
create index on marts.fct_cohort_member (geography_key);
alter table marts.fct_cohort_member add constraint fct_cohort_member_index_date_fkey foreign key (index_date)
    references marts.dim_date (date_key) deferrable initially deferred;
create index on marts.fct_cohort_member (index_date);
comment on table marts.fct_cohort_member is 'Children in the local reoffending cohorts (January to March of each year). Grain: one row per child and cohort. Rules: docs/indicators/local_reoffending.md. A child enters once, by the first eligible substantive outcome; reoffences are proven offences dated after the index date and within 12 months, proven within 15, without breaches and offences taken into consideration. reoffences_to_checkpoint counts what had happened and was proven by the same point of the cohort''s own year. Known limits: local record, not the PNC; offences proven after the 18th birthday are not counted. Example question: how does this year''s cohort compare with last year''s at the same point?';
comment on column marts.fct_cohort_member.cohort_code is 'LOCAL_2025: index events of January to March 2025';
comment on column marts.fct_cohort_member.person_key is 'Child';
comment on column marts.fct_cohort_member.outcome_type_key is 'Index outcome, the most serious of its day';
comment on column marts.fct_cohort_member.geography_key is 'District the child lived in on the day; -1 not known';
comment on column marts.fct_cohort_member.index_date is 'Day of the index outcome';
comment on column marts.fct_cohort_member.tier_code is 'Tier of the index outcome';
comment on column marts.fct_cohort_member.age_at_index is 'Completed years';
comment on column marts.fct_cohort_member.window_start is 'First day of the window';
comment on column marts.fct_cohort_member.window_end is 'Last day of the window';
comment on column marts.fct_cohort_member.tracking_start is 'First day of the financial year of tracking';
comment on column marts.fct_cohort_member.checkpoint_date is 'The as-at day, moved to the cohort''s own year';
comment on column marts.fct_cohort_member.reoffences is 'Reoffences known at the as-at day';
comment on column marts.fct_cohort_member.reoffences_to_checkpoint is 'Of these, dated and proven by the checkpoint';
comment on column marts.fct_cohort_member.first_reoffence_date is 'Day of the first reoffence; null without one';
comment on column marts.fct_cohort_member.is_reoffender is 'At least one reoffence';
comment on column marts.fct_cohort_member.is_follow_up_complete is '12 months have passed';
comment on column marts.fct_cohort_member.is_final is 'The waiting period has passed too';
comment on column marts.fct_cohort_member.source_basis is 'LOCAL_CMS';
comment on column marts.fct_cohort_member.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on marts.fct_cohort_member to yos_publisher;
grant select on marts.fct_cohort_member to yos_analyst, yos_practitioner;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('marts', 'fct_cohort_member', 'children', '0002')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ marts.fct_ledger_posting
create table marts.fct_ledger_posting (
    ledger_posting_key bigint not null,
    posting_date date,
    financial_year text,
    period integer,
    cost_centre_code text,
    subjective_code text,
    subjective_name text,
    is_income boolean,
    project_code text,
    source_code text,
    status_code text,
    amount_gbp numeric(14,2),
    service_code text,
    primary key (ledger_posting_key)
);
alter table marts.fct_ledger_posting add constraint fct_ledger_posting_posting_date_fkey foreign key (posting_date)
    references marts.dim_date (date_key) deferrable initially deferred;
create index on marts.fct_ledger_posting (posting_date);
comment on table marts.fct_ledger_posting is 'Journal lines of the ledger. Grain: one row per journal line. Rules: spending is positive, income negative; a line is income by its subjective code, because a negative amount may be a correction. Known limits: descriptions and suppliers stay in the closed zones. Example question: how much was spent on agency staff by period?';
comment on column marts.fct_ledger_posting.ledger_posting_key is 'Key of the line, minted once';
comment on column marts.fct_ledger_posting.posting_date is 'Day of the posting';
comment on column marts.fct_ledger_posting.financial_year is '2025/26, as the ledger says';
comment on column marts.fct_ledger_posting.period is '1 April to 12 March, 13 and 14 adjustments';
comment on column marts.fct_ledger_posting.cost_centre_code is 'Cost centre';
comment on column marts.fct_ledger_posting.subjective_code is 'Kind of income or spending';
comment on column marts.fct_ledger_posting.subjective_name is 'Name of the kind';
comment on column marts.fct_ledger_posting.is_income is 'Income';
comment on column marts.fct_ledger_posting.project_code is 'Programme; NONE';
comment on column marts.fct_ledger_posting.source_code is 'AP, AR, PAYROLL, JOURNAL or NOT_STATED';
comment on column marts.fct_ledger_posting.status_code is 'ACTUAL, COMMITMENT or ACCRUAL';
comment on column marts.fct_ledger_posting.amount_gbp is 'Pounds, signed';
comment on column marts.fct_ledger_posting.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on marts.fct_ledger_posting to yos_publisher;
grant select on marts.fct_ledger_posting to yos_analyst, yos_finance;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('marts', 'fct_ledger_posting', 'finance', '0002')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ marts.fct_offence
create table marts.fct_offence (
    offence_key bigint not null,
    person_key bigint,
    offence_type_key text,
    offence_date date,
    arrest_date date,
    offence_date_police date,
    age_at_offence integer,
    is_breach boolean,
    is_bail_offence boolean,
    is_tic boolean,
    is_knife_related boolean,
    witness_code text,
    is_disagreement boolean,
    service_code text,
    primary key (offence_key)
);
alter table marts.fct_offence add constraint fct_offence_person_key_fkey foreign key (person_key)
    references marts.dim_child (person_key) deferrable initially deferred;
create index on marts.fct_offence (person_key);
alter table marts.fct_offence add constraint fct_offence_offence_type_key_fkey foreign key (offence_type_key)
    references marts.dim_offence (offence_type_key) deferrable initially deferred;
create index on marts.fct_offence (offence_type_key);
alter table marts.fct_offence add constraint fct_offence_offence_date_fkey foreign key (offence_date)
    references marts.dim_date (date_key) deferrable initially deferred;
create index on marts.fct_offence (offence_date);
comment on table marts.fct_offence is 'Offences, each once, from case system and police together. Grain: one row per offence. Rules: two accounts are one offence when arrest summons number and sequence agree, else person, day and code; the case system''s key and account win. A breach is category CB or an offence that names the order breached. Known limits: of a range of days the first is taken; offences of persons not known have person_key -1. Example question: how many knife offences were there by quarter?';
comment on column marts.fct_offence.offence_key is 'Key of the offence, minted once';
comment on column marts.fct_offence.person_key is 'Child; -1 not known';
comment on column marts.fct_offence.offence_type_key is 'Kind of offence; -1 not in the code list';
comment on column marts.fct_offence.offence_date is 'Day of the offence, start of a range';
comment on column marts.fct_offence.arrest_date is 'Day of the arrest; may be null';
comment on column marts.fct_offence.offence_date_police is 'The police''s date where the police are a witness';
comment on column marts.fct_offence.age_at_offence is 'Completed years; null when the date of birth is not known';
comment on column marts.fct_offence.is_breach is 'A breach of an order, never counted as a reoffence';
comment on column marts.fct_offence.is_bail_offence is 'Failing to surrender to bail';
comment on column marts.fct_offence.is_tic is 'Taken into consideration';
comment on column marts.fct_offence.is_knife_related is 'A knife was involved';
comment on column marts.fct_offence.witness_code is 'BOTH, CASE_SYSTEM or POLICE';
comment on column marts.fct_offence.is_disagreement is 'The two witnesses differ on day or code';
comment on column marts.fct_offence.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on marts.fct_offence to yos_publisher;
grant select on marts.fct_offence to yos_analyst, yos_practitioner;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('marts', 'fct_offence', 'children', '0002')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ marts.fct_order
create table marts.fct_order (
    order_key bigint not null,
    person_key bigint,
    geography_key text,
    start_date date,
    end_date date,
    order_type_code text,
    order_type_name text,
    end_reason_code text,
    team_code text,
    age_at_end integer,
    is_running boolean,
    is_in_order boolean,
    service_code text,
    primary key (order_key)
);
alter table marts.fct_order add constraint fct_order_person_key_fkey foreign key (person_key)
    references marts.dim_child (person_key) deferrable initially deferred;
create index on marts.fct_order (person_key);
alter table marts.fct_order add constraint fct_order_geography_key_fkey foreign key (geography_key)
    references marts.dim_geography (geography_key) deferrable initially deferred;
create index on marts.fct_order (geography_key);
alter table marts.fct_order add constraint fct_order_start_date_fkey foreign key (start_date)
    references marts.dim_date (date_key) deferrable initially deferred;
create index on marts.fct_order (start_date);
comment on table marts.fct_order is 'Orders and programmes of children. Grain: one row per order. Rules: an order without an end or ending after the as-at day is running. Known limits: the district is that at the end, or now. Example question: how many referral orders are running, by team?';
comment on column marts.fct_order.order_key is 'Key of the order, minted once';
comment on column marts.fct_order.person_key is 'Child; -1 not known';
comment on column marts.fct_order.geography_key is 'District the child lived in on the day; -1 not known';
comment on column marts.fct_order.start_date is 'First day';
comment on column marts.fct_order.end_date is 'Last day; null while it runs';
comment on column marts.fct_order.order_type_code is 'Kind of order; UNMAPPED when not in the code list';
comment on column marts.fct_order.order_type_name is 'Name of the kind';
comment on column marts.fct_order.end_reason_code is 'Why it ended; NOT_STATED';
comment on column marts.fct_order.team_code is 'Team that works with the child';
comment on column marts.fct_order.age_at_end is 'Completed years at the end or now; null when not known';
comment on column marts.fct_order.is_running is 'Runs at the as-at day';
comment on column marts.fct_order.is_in_order is 'Does not end before it starts';
comment on column marts.fct_order.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on marts.fct_order to yos_publisher;
grant select on marts.fct_order to yos_analyst, yos_practitioner;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('marts', 'fct_order', 'children', '0002')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ marts.fct_outcome
create table marts.fct_outcome (
    outcome_key bigint not null,
    offence_key bigint,
    person_key bigint,
    offence_type_key text,
    outcome_type_key text,
    geography_key text,
    outcome_date date,
    offence_date date,
    age_at_outcome integer,
    tier_code text,
    residence_code text,
    is_substantive boolean,
    is_custody boolean,
    is_court_disposal boolean,
    is_breach boolean,
    is_appealed_away boolean,
    is_measured boolean,
    is_first_time_entrant boolean,
    source_code text,
    service_code text,
    primary key (outcome_key)
);
alter table marts.fct_outcome add constraint fct_outcome_person_key_fkey foreign key (person_key)
    references marts.dim_child (person_key) deferrable initially deferred;
create index on marts.fct_outcome (person_key);
alter table marts.fct_outcome add constraint fct_outcome_offence_type_key_fkey foreign key (offence_type_key)
    references marts.dim_offence (offence_type_key) deferrable initially deferred;
create index on marts.fct_outcome (offence_type_key);
alter table marts.fct_outcome add constraint fct_outcome_outcome_type_key_fkey foreign key (outcome_type_key)
    references marts.dim_outcome (outcome_type_key) deferrable initially deferred;
create index on marts.fct_outcome (outcome_type_key);
alter table marts.fct_outcome add constraint fct_outcome_geography_key_fkey foreign key (geography_key)
    references marts.dim_geography (geography_key) deferrable initially deferred;
create index on marts.fct_outcome (geography_key);
alter table marts.fct_outcome add constraint fct_outcome_outcome_date_fkey foreign key (outcome_date)
    references marts.dim_date (date_key) deferrable initially deferred;
create index on marts.fct_outcome (outcome_date);
comment on table marts.fct_outcome is 'Legal outcomes of offences, each once. Grain: one row per outcome of an offence; a child sentenced for four offences has four. Rules: where the case system has an outcome of an offence it is believed, else police and courts. Tier ADULT is an outcome given at 18 or over; it enters no measure. A first-time entrant is the first substantive outcome of a lifetime, ranked before outcomes given elsewhere are dropped. is_measured: known person aged 10 to 17, not living elsewhere, not changed or quashed on appeal. Known limits: the lifetime is as long as the local record; children who offended elsewhere before are not seen. Example question: how many children were sentenced this year, and how many to custody?';
comment on column marts.fct_outcome.outcome_key is 'Key of the outcome, minted once';
comment on column marts.fct_outcome.offence_key is 'The offence, as in fct_offence';
comment on column marts.fct_outcome.person_key is 'Child; -1 not known';
comment on column marts.fct_outcome.offence_type_key is 'Kind of offence';
comment on column marts.fct_outcome.outcome_type_key is 'Legal outcome; -1 not in the code list';
comment on column marts.fct_outcome.geography_key is 'District the child lived in on the day; -1 not known';
comment on column marts.fct_outcome.outcome_date is 'Day of caution or sentence';
comment on column marts.fct_outcome.offence_date is 'Day of the offence';
comment on column marts.fct_outcome.age_at_outcome is 'Completed years; null when not known';
comment on column marts.fct_outcome.tier_code is 'CUSTODY, COMMUNITY, FIRST_TIER, PRE_COURT, DIVERSION, NONE, ADULT or UNMAPPED';
comment on column marts.fct_outcome.residence_code is 'LOCAL, OTHER or NOT_KNOWN on the day';
comment on column marts.fct_outcome.is_substantive is 'Youth caution, youth conditional caution or sentence';
comment on column marts.fct_outcome.is_custody is 'Custodial sentence';
comment on column marts.fct_outcome.is_court_disposal is 'Given by a court as a disposal';
comment on column marts.fct_outcome.is_breach is 'For a breach of an order';
comment on column marts.fct_outcome.is_appealed_away is 'Changed or quashed on appeal';
comment on column marts.fct_outcome.is_measured is 'Enters the measures of children';
comment on column marts.fct_outcome.is_first_time_entrant is 'First substantive outcome of a lifetime, given while living here';
comment on column marts.fct_outcome.source_code is 'CASE_SYSTEM, POLICE or COURT';
comment on column marts.fct_outcome.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on marts.fct_outcome to yos_publisher;
grant select on marts.fct_outcome to yos_analyst, yos_practitioner;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('marts', 'fct_outcome', 'children', '0002')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ marts.fct_eet_at_order_end
create table marts.fct_eet_at_order_end (
    order_key bigint not null,
    person_key bigint,
    geography_key text,
    order_end_date date,
    order_type_code text,
    age_at_end integer,
    is_counted boolean,
    is_of_a_counted_kind boolean,
    is_in_order boolean,
    is_ended_by_rule boolean,
    is_school_age boolean,
    hours_needed integer,
    placements integer,
    hours_a_week numeric(6,2),
    has_placement boolean,
    is_every_placement_suitable boolean,
    has_known_hours boolean,
    has_enough_hours boolean,
    is_suitable_eet boolean,
    reason_code text,
    service_code text,
    primary key (order_key)
);
alter table marts.fct_eet_at_order_end add constraint fct_eet_at_order_end_order_key_fkey foreign key (order_key)
    references marts.fct_order (order_key) deferrable initially deferred;
alter table marts.fct_eet_at_order_end add constraint fct_eet_at_order_end_person_key_fkey foreign key (person_key)
    references marts.dim_child (person_key) deferrable initially deferred;
create index on marts.fct_eet_at_order_end (person_key);
alter table marts.fct_eet_at_order_end add constraint fct_eet_at_order_end_geography_key_fkey foreign key (geography_key)
    references marts.dim_geography (geography_key) deferrable initially deferred;
create index on marts.fct_eet_at_order_end (geography_key);
alter table marts.fct_eet_at_order_end add constraint fct_eet_at_order_end_order_end_date_fkey foreign key (order_end_date)
    references marts.dim_date (date_key) deferrable initially deferred;
create index on marts.fct_eet_at_order_end (order_end_date);
comment on table marts.fct_eet_at_order_end is 'Suitable education, employment or training on the day an order ended. Grain: one row per order that ended; two orders of one child are two. Rules: docs/indicators/suitable_eet_at_order_end.md. Suitable means a placement on the day, every placement judged suitable, and together at least 25 hours a week attended in school age, 16 above. What is not known is not suitable. Orders ended by breach, transfer or death, and orders that work without a substantive outcome, do not count (is_counted). Known limits: hours attended as the service records them; participation data has no hours. Example question: why were the others not suitable?';
comment on column marts.fct_eet_at_order_end.order_key is 'The order, as in fct_order';
comment on column marts.fct_eet_at_order_end.person_key is 'Child; -1 not known';
comment on column marts.fct_eet_at_order_end.geography_key is 'District the child lived in on the day; -1 not known';
comment on column marts.fct_eet_at_order_end.order_end_date is 'Day the order ended';
comment on column marts.fct_eet_at_order_end.order_type_code is 'Kind of order';
comment on column marts.fct_eet_at_order_end.age_at_end is 'Completed years; null when not known';
comment on column marts.fct_eet_at_order_end.is_counted is 'Enters the indicator';
comment on column marts.fct_eet_at_order_end.is_of_a_counted_kind is 'The kind of order counts';
comment on column marts.fct_eet_at_order_end.is_in_order is 'Does not end before it starts';
comment on column marts.fct_eet_at_order_end.is_ended_by_rule is 'Not ended by breach, transfer or death';
comment on column marts.fct_eet_at_order_end.is_school_age is 'Up to the last Friday in June of the school year of the 16th birthday';
comment on column marts.fct_eet_at_order_end.hours_needed is 'Hours a week that count as full time';
comment on column marts.fct_eet_at_order_end.placements is 'Placements on the day';
comment on column marts.fct_eet_at_order_end.hours_a_week is 'Hours attended in all placements; null when not known';
comment on column marts.fct_eet_at_order_end.has_placement is 'At least one placement';
comment on column marts.fct_eet_at_order_end.is_every_placement_suitable is 'Every placement was judged suitable';
comment on column marts.fct_eet_at_order_end.has_known_hours is 'Hours of at least one placement are known';
comment on column marts.fct_eet_at_order_end.has_enough_hours is 'As many hours as are needed';
comment on column marts.fct_eet_at_order_end.is_suitable_eet is 'Suitable education, employment or training';
comment on column marts.fct_eet_at_order_end.reason_code is 'SUITABLE, NO_PLACEMENT, NOT_ALL_SUITABLE, HOURS_NOT_KNOWN or TOO_FEW_HOURS';
comment on column marts.fct_eet_at_order_end.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on marts.fct_eet_at_order_end to yos_publisher;
grant select on marts.fct_eet_at_order_end to yos_analyst, yos_practitioner;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('marts', 'fct_eet_at_order_end', 'children', '0002')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;
