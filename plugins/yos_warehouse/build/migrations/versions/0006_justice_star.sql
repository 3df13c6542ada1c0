-- Drafted by `yos migration` from the models; runs as role yos_owner.

-- ------------------------------------------------------------ marts.dim_cohort
create table marts.dim_cohort (
    cohort_code text not null,
    rule_code text,
    cohort_name text,
    window_start date,
    window_end date,
    tracking_start date,
    follow_up_end date,
    proven_by date,
    is_follow_up_complete boolean,
    is_final boolean,
    source_basis text,
    service_code text,
    primary key (cohort_code)
);
comment on table marts.dim_cohort is 'Cohorts: a rule and its window of three months. Grain: one row per cohort. Rules: MINISTRY is the Ministry of Justice''s definition on local data (quarterly, 12 months and 6 waiting), NI19 the local measure (January to March, 12 and 3), LIVE the tracker (quarterly, no waiting). is_follow_up_complete: the last child''s 12 months are over; is_final: the waiting period too. Known limits: cohorts of the last yos:cohort_years years. Example question: which cohorts may be compared as final?';
comment on column marts.dim_cohort.cohort_code is 'MINISTRY_2025Q3: rule, year and calendar quarter of the window; NI19_2025: January to March 2025';
comment on column marts.dim_cohort.rule_code is 'MINISTRY, NI19 or LIVE';
comment on column marts.dim_cohort.cohort_name is 'Jul-Sep 2025';
comment on column marts.dim_cohort.window_start is 'First day of the window';
comment on column marts.dim_cohort.window_end is 'Last day of the window';
comment on column marts.dim_cohort.tracking_start is 'Day after the window';
comment on column marts.dim_cohort.follow_up_end is 'Last day of the last child''s follow-up';
comment on column marts.dim_cohort.proven_by is 'Last day of the last child''s waiting period';
comment on column marts.dim_cohort.is_follow_up_complete is 'All follow-ups are over';
comment on column marts.dim_cohort.is_final is 'All waiting periods are over: the figure changes only by late facts';
comment on column marts.dim_cohort.source_basis is 'LOCAL_CMS';
comment on column marts.dim_cohort.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on marts.dim_cohort to yos_publisher;
grant select on marts.dim_cohort to yos_analyst, yos_practitioner;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('marts', 'dim_cohort', 'children', '0006')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ marts.dim_court
create table marts.dim_court (
    court_key text not null,
    court_name text,
    court_type_code text,
    court_type_name text,
    service_code text,
    primary key (court_key)
);
comment on table marts.dim_court is 'Courts. Grain: one row per court, and -1 (not known) and -2 (not applicable). Rules: the courts of dags/services, and codes seen in hearings and court messages that are not listed there. Known limits: a youth court may sit under the code of its magistrates'' court; the kind of one hearing is with the hearing. Example question: which court remands most often?';
comment on column marts.dim_court.court_key is 'Code of the court, -1 or -2';
comment on column marts.dim_court.court_name is 'Name; Not in the list when dags/services does not name it';
comment on column marts.dim_court.court_type_code is 'MCY youth court, MCA magistrates'' court, CC Crown Court; -1 not known';
comment on column marts.dim_court.court_type_name is 'Kind of court';
comment on column marts.dim_court.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on marts.dim_court to yos_publisher;
grant select on marts.dim_court to yos_analyst, yos_practitioner;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('marts', 'dim_court', 'children', '0006')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ marts.dim_date
alter table marts.dim_date add column is_bank_holiday boolean;
comment on column marts.dim_date.is_bank_holiday is 'A bank holiday of England';
alter table marts.dim_date add column is_working_day boolean;
comment on column marts.dim_date.is_working_day is 'Monday to Friday and no bank holiday';
alter table marts.dim_date add column working_day_number integer;
comment on column marts.dim_date.working_day_number is 'Running count of working days';
comment on table marts.dim_date is 'Calendar. Every day from 2000 to 2035 once, without a gap. Grain: one row per day. Rules: the financial year runs from 1 April, the academic year from 1 September. A working day is Monday to Friday and no bank holiday of England; working days after one day up to and including another = the difference of their working_day_number. Known limits: no school days yet; bank holidays not published yet follow from the rules, and a proclamation may change them; facts dated outside the calendar are left out of the facts (integrity test `facts_outside_the_calendar`). Example question: which days belong to quarter 3 of 2025/26?';

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('marts', 'dim_date', 'shared', '0006')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ marts.dim_indicator
create table marts.dim_indicator (
    indicator_id text not null,
    variant_code text not null,
    version integer,
    indicator_name text,
    unit text,
    scale integer,
    decimals integer,
    polarity text,
    is_part boolean,
    contributor_code text,
    period_kinds text,
    due_months integer,
    is_per_population boolean,
    decision_code text,
    page text,
    is_default_variant boolean,
    source_basis text,
    service_code text,
    primary key (indicator_id, variant_code)
);
comment on table marts.dim_indicator is 'The register of indicators. Grain: one row per indicator and variant. Rules: a variant is the indicator with one decision taken another way; is_default_variant marks the one the service decided for. Known limits: local indicators of children; received figures are in fct_published_value. Example question: in which unit is this figure, and which direction is good?';
comment on column marts.dim_indicator.indicator_id is 'Indicator';
comment on column marts.dim_indicator.variant_code is 'Variant';
comment on column marts.dim_indicator.version is 'Version of the definition';
comment on column marts.dim_indicator.indicator_name is 'Name for people';
comment on column marts.dim_indicator.unit is 'pct, ratio, count, per_1000, per_10000 or per_100000';
comment on column marts.dim_indicator.scale is 'What numerator over denominator is multiplied by';
comment on column marts.dim_indicator.decimals is 'Decimals when shown';
comment on column marts.dim_indicator.polarity is 'lower_is_better or higher_is_better';
comment on column marts.dim_indicator.is_part is 'The numerator is a part of the denominator';
comment on column marts.dim_indicator.contributor_code is 'CASE: cases are added; CHILD: a child counts once';
comment on column marts.dim_indicator.period_kinds is 'Kinds of period it is told for';
comment on column marts.dim_indicator.due_months is 'Months after the period when the figure is due to be kept';
comment on column marts.dim_indicator.is_per_population is 'The denominator is the population aged 10 to 17';
comment on column marts.dim_indicator.decision_code is 'The service''s decision it shows, or NONE';
comment on column marts.dim_indicator.page is 'Page in docs/indicators';
comment on column marts.dim_indicator.is_default_variant is 'The variant the service decided for';
comment on column marts.dim_indicator.source_basis is 'LOCAL_CMS';
comment on column marts.dim_indicator.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on marts.dim_indicator to yos_publisher;
grant select on marts.dim_indicator to yos_analyst, yos_practitioner;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('marts', 'dim_indicator', 'children', '0006')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ marts.dim_offence
alter table marts.dim_offence add column is_knife_offence boolean;
comment on column marts.dim_offence.is_knife_offence is 'A blade or point, or an offensive weapon, in a public place';
alter table marts.dim_offence add column yjb_category_code text;
comment on column marts.dim_offence.yjb_category_code is 'Category of the Youth Justice Board, NOT_KNOWN when nothing fits';
alter table marts.dim_offence add column yjb_category_name text;
comment on column marts.dim_offence.yjb_category_name is 'Name of the category';
alter table marts.dim_offence add column yjb_seriousness integer;
comment on column marts.dim_offence.yjb_seriousness is 'Seriousness 1 to 8, 8 the most serious; empty when not known';
comment on table marts.dim_offence is 'Kinds of offence: CJS codes with Home Office class and group. Grain: one row per CJS code, and -1 (not in the code list) and -2 (not applicable). Rules: category CB is a breach and no offence; SE20001, breach of a criminal behaviour order, is an offence. Category and score of the Youth Justice Board are those of map_offence_yjb; of one offence the case system''s own win (fct_offence). Known limits: titles are cut to 80 characters; codes without a Home Office class have no group. The seriousness scores are this project''s own reading: the Board does not publish its table. Example question: which offence groups do reoffences fall into?';

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('marts', 'dim_offence', 'children', '0006')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ marts.dim_period
create table marts.dim_period (
    period_code text not null,
    period_kind text,
    first_day date,
    last_day date,
    period_name text,
    service_code text,
    primary key (period_code)
);
comment on table marts.dim_period is 'Periods of figures. Grain: one row per period. Rules: QUARTER is a calendar quarter, ROLLING_YEAR four of them to the end of a quarter, YEAR_TO_DATE a financial year to the end of a quarter, COHORT_YEAR the January to March of a local cohort. Known limits: the last yos:cohort_years years; the newest may not be over. Example question: which periods end this quarter?';
comment on column marts.dim_period.period_code is '2025Q3, 12M_2025Q3, FY2025Q2 (April to September 2025) or COHORT_2025';
comment on column marts.dim_period.period_kind is 'QUARTER, ROLLING_YEAR, YEAR_TO_DATE or COHORT_YEAR';
comment on column marts.dim_period.first_day is 'First day';
comment on column marts.dim_period.last_day is 'Last day';
comment on column marts.dim_period.period_name is 'Jul-Sep 2025';
comment on column marts.dim_period.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on marts.dim_period to yos_publisher;
grant select on marts.dim_period to yos_analyst, yos_practitioner;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('marts', 'dim_period', 'children', '0006')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ restricted.figure_case
create table restricted.figure_case (
    indicator_id text not null,
    variant_code text not null,
    case_key text not null,
    case_date date,
    person_key bigint,
    case_reference text,
    geography_key text,
    fact_key bigint,
    fact_date date,
    numerator numeric,
    denominator numeric,
    is_in boolean,
    reason_code text,
    service_code text,
    primary key (indicator_id, variant_code, case_key)
);
comment on table restricted.figure_case is 'Who is in a figure, who is out and for which reason. Grain: one row per indicator, variant and case. Rules: a figure is the sum of its cases, or of its children counted once; docs/indicators. Read through restricted.explain only, with a purpose, which is logged. Known limits: local figures of children only. Example question: which children are in this quarter''s cohort, and which were left out for living elsewhere?';
comment on column restricted.figure_case.indicator_id is 'Indicator';
comment on column restricted.figure_case.variant_code is 'Variant';
comment on column restricted.figure_case.case_key is 'The case: a word, a slash and a key';
comment on column restricted.figure_case.case_date is 'Day by which the case belongs to a period';
comment on column restricted.figure_case.person_key is 'Child';
comment on column restricted.figure_case.case_reference is 'The case system''s number of the child; null when the police alone know it';
comment on column restricted.figure_case.geography_key is 'District';
comment on column restricted.figure_case.fact_key is 'The outcome, hearing, order or disposal behind it: the one that moved it last';
comment on column restricted.figure_case.fact_date is 'Day of that fact';
comment on column restricted.figure_case.numerator is 'What the case adds to the numerator';
comment on column restricted.figure_case.denominator is 'What it adds to the denominator';
comment on column restricted.figure_case.is_in is 'Counted';
comment on column restricted.figure_case.reason_code is 'IN, or the first reason that keeps it out';
comment on column restricted.figure_case.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on restricted.figure_case to yos_publisher;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('restricted', 'figure_case', 'children', '0006')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ reports.rpt_reoffending_breakdown
create table reports.rpt_reoffending_breakdown (
    kind_code text not null,
    category_name text not null,
    children numeric,
    reoffenders numeric,
    reoffences numeric,
    children_shown text,
    reoffenders_shown text,
    reoffences_shown text,
    binary_rate numeric,
    source_basis text,
    service_code text,
    primary key (kind_code, category_name)
);
comment on table reports.rpt_reoffending_breakdown is 'The live cohorts of the last four complete quarters by who the children are; small categories hidden, with a second one where one alone could be told. Grain: one row per kind of breakdown and category.';
comment on column reports.rpt_reoffending_breakdown.kind_code is 'AGE, SEX, ETHNICITY, INDEX_TIER, OFFENCE_GROUP, EARLIER_OUTCOMES, LOOKED_AFTER or TIME_TO_REOFFEND';
comment on column reports.rpt_reoffending_breakdown.category_name is 'Category';
comment on column reports.rpt_reoffending_breakdown.children is 'Entries into the cohorts; null when hidden';
comment on column reports.rpt_reoffending_breakdown.reoffenders is 'Of these, with a reoffence; null when hidden';
comment on column reports.rpt_reoffending_breakdown.reoffences is 'Reoffences; null when hidden';
comment on column reports.rpt_reoffending_breakdown.children_shown is 'c when hidden';
comment on column reports.rpt_reoffending_breakdown.reoffenders_shown is 'c when hidden';
comment on column reports.rpt_reoffending_breakdown.reoffences_shown is 'c when hidden';
comment on column reports.rpt_reoffending_breakdown.binary_rate is 'Per cent who reoffended; null when hidden';
comment on column reports.rpt_reoffending_breakdown.source_basis is 'LOCAL_CMS';
comment on column reports.rpt_reoffending_breakdown.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on reports.rpt_reoffending_breakdown to yos_publisher;
grant select on reports.rpt_reoffending_breakdown to yos_analyst, yos_practitioner;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('reports', 'rpt_reoffending_breakdown', 'children', '0006')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ restricted.tracker
create table restricted.tracker (
    cohort_code text not null,
    person_key bigint not null,
    case_reference text,
    given_name text,
    family_name text,
    date_of_birth date,
    sex_code text,
    ethnicity_group_code text,
    care_status_code text,
    district_name text,
    team_code text,
    index_date date,
    age_at_index integer,
    index_outcome_name text,
    index_offence_name text,
    index_seriousness integer,
    earlier_outcomes integer,
    assessment_date date,
    likelihood_of_reoffending text,
    yogrs numeric,
    order_end_date date,
    reoffences integer,
    first_reoffence_date date,
    days_to_first_reoffence integer,
    time_to_reoffend_code text,
    status_code text,
    follow_up_end date,
    is_exposure_incomplete boolean,
    missing_items integer,
    service_code text,
    primary key (cohort_code, person_key)
);
comment on table restricted.tracker is 'The live tracker: children in the cohorts of the last two years. Grain: one row per child and live cohort. Rules: docs/indicators/reoffending.md, rule LIVE: twelve months and no waiting. Read through restricted.read_tracker only, with a purpose, which is logged. Known limits: an assessment is a judgement and no fact; nothing is decided by it. Example question: which children of my team are in follow-up, and who has reoffended?';
comment on column restricted.tracker.cohort_code is 'Live cohort';
comment on column restricted.tracker.person_key is 'Child';
comment on column restricted.tracker.case_reference is 'The case system''s number of the child';
comment on column restricted.tracker.given_name is 'First name';
comment on column restricted.tracker.family_name is 'Family name';
comment on column restricted.tracker.date_of_birth is 'Date of birth';
comment on column restricted.tracker.sex_code is 'Sex';
comment on column restricted.tracker.ethnicity_group_code is 'Ethnicity group';
comment on column restricted.tracker.care_status_code is 'Legal status in care on the index date (J1: only because remanded); NONE';
comment on column restricted.tracker.district_name is 'District on the index date';
comment on column restricted.tracker.team_code is 'Team of the newest order, else of the district';
comment on column restricted.tracker.index_date is 'Index date';
comment on column restricted.tracker.age_at_index is 'Completed years';
comment on column restricted.tracker.index_outcome_name is 'Index outcome';
comment on column restricted.tracker.index_offence_name is 'Its offence';
comment on column restricted.tracker.index_seriousness is 'YJB seriousness 1 to 8';
comment on column restricted.tracker.earlier_outcomes is 'Days with a substantive outcome before';
comment on column restricted.tracker.assessment_date is 'Newest AssetPlus';
comment on column restricted.tracker.likelihood_of_reoffending is 'Its judgement (an opinion); NOT_KNOWN';
comment on column restricted.tracker.yogrs is 'Its group reconviction score, per cent';
comment on column restricted.tracker.order_end_date is 'End of the newest order';
comment on column restricted.tracker.reoffences is 'Reoffences so far';
comment on column restricted.tracker.first_reoffence_date is 'Day of the first';
comment on column restricted.tracker.days_to_first_reoffence is 'Days to it';
comment on column restricted.tracker.time_to_reoffend_code is 'NONE, MONTHS_0_3, MONTHS_3_6, MONTHS_6_9 or MONTHS_9_12';
comment on column restricted.tracker.status_code is 'IN_FOLLOW_UP, REOFFENDED or NO_REOFFENCE';
comment on column restricted.tracker.follow_up_end is 'End of the follow-up';
comment on column restricted.tracker.is_exposure_incomplete is 'Comes of age before';
comment on column restricted.tracker.missing_items is 'How many of number, date of birth, ethnicity and assessment are missing';
comment on column restricted.tracker.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on restricted.tracker to yos_publisher;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('restricted', 'tracker', 'children', '0006')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ restricted.tracker_reoffence
create table restricted.tracker_reoffence (
    cohort_code text not null,
    person_key bigint not null,
    offence_key bigint not null,
    offence_date date,
    days_after_index integer,
    offence_name text,
    yjb_category_code text,
    yjb_seriousness integer,
    proven_date date,
    outcome_name text,
    service_code text,
    primary key (cohort_code, person_key, offence_key)
);
comment on table restricted.tracker_reoffence is 'Each reoffence of the children in the live tracker. Grain: one row per child, cohort and reoffence. Rules: as the tracker. Read through restricted.read_tracker_reoffences only, with a purpose, which is logged. Known limits: offences proven by the as-at day. Example question: what did the child do again, when, and what was decided?';
comment on column restricted.tracker_reoffence.cohort_code is 'Live cohort';
comment on column restricted.tracker_reoffence.person_key is 'Child';
comment on column restricted.tracker_reoffence.offence_key is 'Offence';
comment on column restricted.tracker_reoffence.offence_date is 'Day of the offence';
comment on column restricted.tracker_reoffence.days_after_index is 'Days after the index date';
comment on column restricted.tracker_reoffence.offence_name is 'Offence';
comment on column restricted.tracker_reoffence.yjb_category_code is 'YJB category';
comment on column restricted.tracker_reoffence.yjb_seriousness is 'YJB seriousness 1 to 8';
comment on column restricted.tracker_reoffence.proven_date is 'Day of caution or sentence';
comment on column restricted.tracker_reoffence.outcome_name is 'What was decided';
comment on column restricted.tracker_reoffence.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on restricted.tracker_reoffence to yos_publisher;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('restricted', 'tracker_reoffence', 'children', '0006')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ marts.fct_cohort_checkpoint
create table marts.fct_cohort_checkpoint (
    cohort_code text not null,
    person_key bigint not null,
    basis_code text not null,
    months integer not null,
    rule_code text,
    geography_key text,
    checkpoint_date date,
    reoffences integer,
    reoffences_proven_by_checkpoint integer,
    is_reoffender boolean,
    is_reached boolean,
    source_basis text,
    service_code text,
    primary key (cohort_code, person_key, basis_code, months)
);
alter table marts.fct_cohort_checkpoint add constraint fct_cohort_checkpoint_cohort_code_fkey foreign key (cohort_code)
    references marts.dim_cohort (cohort_code) deferrable initially deferred;
alter table marts.fct_cohort_checkpoint add constraint fct_cohort_checkpoint_person_key_fkey foreign key (person_key)
    references marts.dim_child (person_key) deferrable initially deferred;
create index on marts.fct_cohort_checkpoint (person_key);
alter table marts.fct_cohort_checkpoint add constraint fct_cohort_checkpoint_geography_key_fkey foreign key (geography_key)
    references marts.dim_geography (geography_key) deferrable initially deferred;
comment on table marts.fct_cohort_checkpoint is 'Reoffences of each child in a cohort, counted up to a checkpoint. Grain: one row per child in the cohort, basis of counting and checkpoint (3, 6, 9, 12 months). Never add over checkpoints or bases: each counts from the start. Rules: INDIVIDUAL counts from the child''s own index date; CALENDAR from the day after the window; CALENDAR_WITH_RUN_IN adds what came between. reoffences_proven_by_checkpoint leaves out what was proven later: with it two cohorts are compared at the same point of their own year. Known limits: before a checkpoint is reached (is_reached) the count is not complete. Example question: how many reoffences per child had last year''s cohort at nine months?';
comment on column marts.fct_cohort_checkpoint.cohort_code is 'Cohort';
comment on column marts.fct_cohort_checkpoint.person_key is 'Child';
comment on column marts.fct_cohort_checkpoint.basis_code is 'INDIVIDUAL, CALENDAR or CALENDAR_WITH_RUN_IN';
comment on column marts.fct_cohort_checkpoint.months is '3, 6, 9 or 12';
comment on column marts.fct_cohort_checkpoint.rule_code is 'MINISTRY, NI19 or LIVE';
comment on column marts.fct_cohort_checkpoint.geography_key is 'District the child lived in on the index date';
comment on column marts.fct_cohort_checkpoint.checkpoint_date is 'Last day that counts';
comment on column marts.fct_cohort_checkpoint.reoffences is 'Reoffences dated up to the checkpoint';
comment on column marts.fct_cohort_checkpoint.reoffences_proven_by_checkpoint is 'Of these, proven by the checkpoint';
comment on column marts.fct_cohort_checkpoint.is_reoffender is 'At least one';
comment on column marts.fct_cohort_checkpoint.is_reached is 'The checkpoint lies on or before the as-at day';
comment on column marts.fct_cohort_checkpoint.source_basis is 'LOCAL_CMS';
comment on column marts.fct_cohort_checkpoint.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on marts.fct_cohort_checkpoint to yos_publisher;
grant select on marts.fct_cohort_checkpoint to yos_analyst, yos_practitioner;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('marts', 'fct_cohort_checkpoint', 'children', '0006')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ marts.fct_cohort_member
-- cohorts are named anew and have a dimension: the next publication writes the rows
delete from marts.fct_cohort_member;
comment on column marts.fct_cohort_member.cohort_code is 'Cohort';
alter table marts.fct_cohort_member add column rule_code text;
comment on column marts.fct_cohort_member.rule_code is 'MINISTRY, NI19 or LIVE';
alter table marts.fct_cohort_member add column event_key bigint;
comment on column marts.fct_cohort_member.event_key is 'Index event, as in fct_index_event';
alter table marts.fct_cohort_member add column event_type_code text;
comment on column marts.fct_cohort_member.event_type_code is 'CAUTION, CONVICTION, CUSTODIAL_SENTENCE or RELEASE';
comment on column marts.fct_cohort_member.outcome_type_key is 'Index outcome, the most serious of its day; of a release the sentence served';
alter table marts.fct_cohort_member add column offence_type_key text;
comment on column marts.fct_cohort_member.offence_type_key is 'Offence of the index outcome';
comment on column marts.fct_cohort_member.index_date is 'Day of the index event';
comment on column marts.fct_cohort_member.age_at_index is 'Completed years; null when not known';
alter table marts.fct_cohort_member add column earlier_outcomes integer;
comment on column marts.fct_cohort_member.earlier_outcomes is 'Days with a substantive outcome before the index date';
alter table marts.fct_cohort_member add column is_looked_after boolean;
comment on column marts.fct_cohort_member.is_looked_after is 'In care on the index date';
alter table marts.fct_cohort_member add column is_in_cohort boolean;
comment on column marts.fct_cohort_member.is_in_cohort is 'The child is in the cohort';
alter table marts.fct_cohort_member add column reason_code text;
comment on column marts.fct_cohort_member.reason_code is 'IN, or the first reason that keeps the child out';
alter table marts.fct_cohort_member add column is_aged_10_to_17 boolean;
comment on column marts.fct_cohort_member.is_aged_10_to_17 is '10 to 17 on the index date';
alter table marts.fct_cohort_member add column is_living_here boolean;
comment on column marts.fct_cohort_member.is_living_here is 'Not living elsewhere on the index date';
alter table marts.fct_cohort_member add column is_not_appealed boolean;
comment on column marts.fct_cohort_member.is_not_appealed is 'Not changed or quashed on appeal';
alter table marts.fct_cohort_member add column is_not_breach boolean;
comment on column marts.fct_cohort_member.is_not_breach is 'Not a resentence for breach (where the rule minds)';
alter table marts.fct_cohort_member add column children_in_cohort integer;
comment on column marts.fct_cohort_member.children_in_cohort is '1 when in the cohort, else 0: sum it to count children';
comment on column marts.fct_cohort_member.reoffences is 'Reoffences known at the as-at day; null when not in the cohort';
comment on column marts.fct_cohort_member.checkpoint_date is 'The as-at day, moved to the cohort''s own year of tracking';
comment on column marts.fct_cohort_member.reoffences_to_checkpoint is 'Of the reoffences, dated and proven by the checkpoint; null when not in the cohort';
comment on column marts.fct_cohort_member.is_reoffender is 'At least one reoffence; null when not in the cohort';
alter table marts.fct_cohort_member add column reoffenders integer;
comment on column marts.fct_cohort_member.reoffenders is '1 or 0: sum it to count children who reoffended; null when not in the cohort';
comment on column marts.fct_cohort_member.first_reoffence_date is 'Day of the first reoffence';
alter table marts.fct_cohort_member add column days_to_first_reoffence integer;
comment on column marts.fct_cohort_member.days_to_first_reoffence is 'Days from index date to first reoffence';
alter table marts.fct_cohort_member add column follow_up_end date;
comment on column marts.fct_cohort_member.follow_up_end is 'Last day on which an offence counts';
alter table marts.fct_cohort_member add column proven_by date;
comment on column marts.fct_cohort_member.proven_by is 'Last day on which it may be proven';
comment on column marts.fct_cohort_member.is_follow_up_complete is 'The child''s follow-up is over';
comment on column marts.fct_cohort_member.is_final is 'The waiting period is over too';
alter table marts.fct_cohort_member add column is_exposure_incomplete boolean;
comment on column marts.fct_cohort_member.is_exposure_incomplete is 'Comes of age before the follow-up ends';
alter table marts.fct_cohort_member drop column window_start;
alter table marts.fct_cohort_member drop column window_end;
alter table marts.fct_cohort_member drop column tracking_start;
alter table marts.fct_cohort_member add constraint fct_cohort_member_cohort_code_fkey foreign key (cohort_code)
    references marts.dim_cohort (cohort_code) deferrable initially deferred;
alter table marts.fct_cohort_member add constraint fct_cohort_member_offence_type_key_fkey foreign key (offence_type_key)
    references marts.dim_offence (offence_type_key) deferrable initially deferred;
create index on marts.fct_cohort_member (offence_type_key);
comment on table marts.fct_cohort_member is 'Children with an index event in a cohort''s window. Grain: one row per child and cohort, whether the child is in the cohort or not (is_in_cohort, reason_code). Measures are empty for those who are not, so that sums are right; count children by the sum of children_in_cohort. Rules: docs/indicators/reoffending.md. The first eligible event opens the follow-up; reoffences are proven offences dated after the index date and within 12 months, proven within the waiting period, without breaches and offences taken into consideration. Known limits: local record, not the PNC; is_exposure_incomplete marks children who come of age before the follow-up ends, as adult courts'' results enter no measure. Example question: how many children of the cohort reoffended, and how long did it take?';

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('marts', 'fct_cohort_member', 'children', '0006')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ marts.fct_hearing
create table marts.fct_hearing (
    hearing_key bigint not null,
    person_key bigint,
    geography_key text,
    court_key text,
    hearing_date date,
    court_type_code text,
    remand_class_code text,
    is_decision_of_day boolean,
    age_at_hearing integer,
    residence_code text,
    is_counted boolean,
    source_code text,
    service_code text,
    primary key (hearing_key)
);
alter table marts.fct_hearing add constraint fct_hearing_person_key_fkey foreign key (person_key)
    references marts.dim_child (person_key) deferrable initially deferred;
create index on marts.fct_hearing (person_key);
alter table marts.fct_hearing add constraint fct_hearing_geography_key_fkey foreign key (geography_key)
    references marts.dim_geography (geography_key) deferrable initially deferred;
alter table marts.fct_hearing add constraint fct_hearing_court_key_fkey foreign key (court_key)
    references marts.dim_court (court_key) deferrable initially deferred;
create index on marts.fct_hearing (court_key);
alter table marts.fct_hearing add constraint fct_hearing_hearing_date_fkey foreign key (hearing_date)
    references marts.dim_date (date_key) deferrable initially deferred;
comment on table marts.fct_hearing is 'Court hearings, with what each decided on remand. Grain: one row per hearing of the case system; and per court message of a child on a day for which the case system has no hearing. Rules: a message sent again for the same defendant and hearing replaces the earlier one. Classes of remand are those of code_remand, of a court message those of map_result_remand. Of several hearings of a child on one day the most restrictive is the decision of the day (YDA, RLAA, CONDITIONAL_BAIL, UNCONDITIONAL_BAIL, NONE). is_counted: known child aged 10 to 17 on the day, not living elsewhere; not a hearing to come. Known limits: a hearing on a later day than the as-at day is in the table where the case system has it, and decides nothing yet; a court message without a result of remand is NONE. Example question: what share of remand decisions is secure?';
comment on column marts.fct_hearing.hearing_key is 'Key of the hearing or the court message, minted once';
comment on column marts.fct_hearing.person_key is 'Child; -1 not known';
comment on column marts.fct_hearing.geography_key is 'District the child lived in on the day; -1 not known';
comment on column marts.fct_hearing.court_key is 'Court; -1 not in the list of courts';
comment on column marts.fct_hearing.hearing_date is 'Day of the hearing';
comment on column marts.fct_hearing.court_type_code is 'MCY youth court, MCA magistrates'' court, CC Crown Court; NOT_KNOWN';
comment on column marts.fct_hearing.remand_class_code is 'YDA youth detention accommodation, RLAA local authority accommodation, CONDITIONAL_BAIL, UNCONDITIONAL_BAIL or NONE';
comment on column marts.fct_hearing.is_decision_of_day is 'The most restrictive of the child''s day; one a day, none where the child is not known';
comment on column marts.fct_hearing.age_at_hearing is 'Completed years; null when the date of birth is not known';
comment on column marts.fct_hearing.residence_code is 'LOCAL, OTHER or NOT_KNOWN on the day';
comment on column marts.fct_hearing.is_counted is 'Known child aged 10 to 17, not living elsewhere; not a hearing to come';
comment on column marts.fct_hearing.source_code is 'CASE_SYSTEM or COURT';
comment on column marts.fct_hearing.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on marts.fct_hearing to yos_publisher;
grant select on marts.fct_hearing to yos_analyst, yos_practitioner;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('marts', 'fct_hearing', 'children', '0006')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ marts.fct_index_event
create table marts.fct_index_event (
    event_key bigint not null,
    person_key bigint,
    event_type_code text,
    index_date date,
    outcome_type_key text,
    offence_type_key text,
    geography_key text,
    tier_code text,
    outcome_rank integer,
    age_at_index integer,
    earlier_outcomes integer,
    is_looked_after boolean,
    is_breach boolean,
    is_living_here boolean,
    is_appealed_away boolean,
    service_code text,
    primary key (event_key)
);
alter table marts.fct_index_event add constraint fct_index_event_person_key_fkey foreign key (person_key)
    references marts.dim_child (person_key) deferrable initially deferred;
create index on marts.fct_index_event (person_key);
alter table marts.fct_index_event add constraint fct_index_event_outcome_type_key_fkey foreign key (outcome_type_key)
    references marts.dim_outcome (outcome_type_key) deferrable initially deferred;
create index on marts.fct_index_event (outcome_type_key);
alter table marts.fct_index_event add constraint fct_index_event_offence_type_key_fkey foreign key (offence_type_key)
    references marts.dim_offence (offence_type_key) deferrable initially deferred;
create index on marts.fct_index_event (offence_type_key);
alter table marts.fct_index_event add constraint fct_index_event_geography_key_fkey foreign key (geography_key)
    references marts.dim_geography (geography_key) deferrable initially deferred;
alter table marts.fct_index_event add constraint fct_index_event_index_date_fkey foreign key (index_date)
    references marts.dim_date (date_key) deferrable initially deferred;
comment on table marts.fct_index_event is 'Events that may open a follow-up. Grain: one row per child, day and kind of event; outcomes of one day and kind are one event, the most serious stands for it (apart by breach, residence and appeal). Rules: CAUTION is a youth caution or youth conditional caution, CONVICTION a court''s outcome without custody, CUSTODIAL_SENTENCE one with custody on the day of sentence, RELEASE the day of leaving custody. A rule counts either CUSTODIAL_SENTENCE or RELEASE, never both. Known limits: releases are known where the case system has them. Example question: how many children were released from custody this quarter?';
comment on column marts.fct_index_event.event_key is 'Key of the outcome, of a release of the order';
comment on column marts.fct_index_event.person_key is 'Child';
comment on column marts.fct_index_event.event_type_code is 'CAUTION, CONVICTION, CUSTODIAL_SENTENCE or RELEASE';
comment on column marts.fct_index_event.index_date is 'Day of the event';
comment on column marts.fct_index_event.outcome_type_key is 'Outcome; of a release the sentence served';
comment on column marts.fct_index_event.offence_type_key is 'Offence of the outcome';
comment on column marts.fct_index_event.geography_key is 'District the child lived in on the day; -1 not known';
comment on column marts.fct_index_event.tier_code is 'Tier of the outcome';
comment on column marts.fct_index_event.outcome_rank is 'Order of seriousness, 1 the most serious';
comment on column marts.fct_index_event.age_at_index is 'Completed years; null when not known';
comment on column marts.fct_index_event.earlier_outcomes is 'Days with a substantive outcome before the index date';
comment on column marts.fct_index_event.is_looked_after is 'In care on the index date';
comment on column marts.fct_index_event.is_breach is 'For a breach of an order';
comment on column marts.fct_index_event.is_living_here is 'Not living elsewhere on the day';
comment on column marts.fct_index_event.is_appealed_away is 'Changed or quashed on appeal';
comment on column marts.fct_index_event.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on marts.fct_index_event to yos_publisher;
grant select on marts.fct_index_event to yos_analyst, yos_practitioner;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('marts', 'fct_index_event', 'children', '0006')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ marts.fct_indicator_latest
create table marts.fct_indicator_latest (
    indicator_id text not null,
    variant_code text not null,
    period_code text not null,
    geography_level text not null,
    geography_code text not null,
    numerator numeric,
    denominator numeric,
    value numeric,
    interval_low numeric,
    interval_high numeric,
    population_10_17 integer,
    population_mid_year integer,
    population_released_on date,
    due_date date,
    is_due boolean,
    source_basis text,
    service_code text,
    primary key (indicator_id, variant_code, period_code, geography_level, geography_code)
);
alter table marts.fct_indicator_latest add constraint fct_indicator_latest_period_code_fkey foreign key (period_code)
    references marts.dim_period (period_code) deferrable initially deferred;
create index on marts.fct_indicator_latest (period_code);
comment on table marts.fct_indicator_latest is 'Local figures of children as computed tonight, for the service, its areas, teams and districts. Grain: one row per indicator, variant, period and place. Rules: unrounded to six decimals; rates per population divide by the mid-year estimate of population_mid_year. What was published once is kept in fct_indicator_value and never recomputed. Known limits: an area''s figures leave out children whose district is not known; the service''s have them. Small counts are not hidden here (reports hide them). Example question: how does the rate of this quarter compare with the same quarter of last year?';
comment on column marts.fct_indicator_latest.indicator_id is 'Indicator, as in dim_indicator';
comment on column marts.fct_indicator_latest.variant_code is 'Variant';
comment on column marts.fct_indicator_latest.period_code is 'Period';
comment on column marts.fct_indicator_latest.geography_level is 'SERVICE, AREA, TEAM or DISTRICT';
comment on column marts.fct_indicator_latest.geography_code is 'Code of the place';
comment on column marts.fct_indicator_latest.numerator is 'Numerator';
comment on column marts.fct_indicator_latest.denominator is 'Denominator; null for counts';
comment on column marts.fct_indicator_latest.value is 'The figure; null without a denominator';
comment on column marts.fct_indicator_latest.interval_low is 'Lower end of the 95 % Wilson interval of a share';
comment on column marts.fct_indicator_latest.interval_high is 'Upper end';
comment on column marts.fct_indicator_latest.population_10_17 is 'Population of a rate';
comment on column marts.fct_indicator_latest.population_mid_year is 'Its mid-year';
comment on column marts.fct_indicator_latest.population_released_on is 'Its vintage: the day it was released';
comment on column marts.fct_indicator_latest.due_date is 'Day from which the figure is kept';
comment on column marts.fct_indicator_latest.is_due is 'That day has come';
comment on column marts.fct_indicator_latest.source_basis is 'LOCAL_CMS';
comment on column marts.fct_indicator_latest.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on marts.fct_indicator_latest to yos_publisher;
grant select on marts.fct_indicator_latest to yos_analyst, yos_practitioner;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('marts', 'fct_indicator_latest', 'children', '0006')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ marts.fct_offence
alter table marts.fct_offence add column offence_date_precision_code text;
comment on column marts.fct_offence.offence_date_precision_code is 'How exact the day is: EXACT, RANGE, ABOUT, BEFORE, AFTER or NOT_KNOWN, as the court or the charge says';
alter table marts.fct_offence add column charge_date date;
comment on column marts.fct_offence.charge_date is 'Day of the charge; null out of court';
alter table marts.fct_offence add column first_hearing_date date;
comment on column marts.fct_offence.first_hearing_date is 'Day of the first hearing known; null when never in court';
alter table marts.fct_offence add column age_at_arrest_or_offence integer;
comment on column marts.fct_offence.age_at_arrest_or_offence is 'Completed years at the arrest, where there was none at the offence';
alter table marts.fct_offence add column age_at_first_hearing integer;
comment on column marts.fct_offence.age_at_first_hearing is 'Completed years at the first hearing; null when never in court';
alter table marts.fct_offence add column yjb_category_code text;
comment on column marts.fct_offence.yjb_category_code is 'Youth Justice Board category (code_yjb_offence_category); NOT_KNOWN';
alter table marts.fct_offence add column yjb_seriousness integer;
comment on column marts.fct_offence.yjb_seriousness is 'Youth Justice Board score, 1 to 8 (the most serious); null when not known';
alter table marts.fct_offence add column is_serious_violence boolean;
comment on column marts.fct_offence.is_serious_violence is 'Drugs, robbery or violence against the person with a score of 5 to 8';
comment on column marts.fct_offence.is_knife_related is 'A knife was involved, or the offence is having one';
comment on table marts.fct_offence is 'Offences, each once, from case system and police together. Grain: one row per offence. Rules: two accounts are one offence when arrest summons number and sequence agree, else person, day and code; the case system''s key and account win. A breach is category CB or an offence that names the order breached. Serious violence: drugs, robbery or violence against the person with a Youth Justice Board score of 5 to 8; category and score as the case system sends them, else from our map. Knife: the case system''s flag, or having a blade or an offensive weapon. The first hearing is the earliest known, of the case system or a court message. Known limits: of a range of days the first is taken; offences of persons not known have person_key -1. Example question: how many knife offences were there by quarter?';

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('marts', 'fct_offence', 'children', '0006')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ marts.fct_out_of_court_disposal
create table marts.fct_out_of_court_disposal (
    disposal_key bigint not null,
    offence_key bigint,
    person_key bigint,
    offence_type_key text,
    outcome_type_key text,
    geography_key text,
    referral_date date,
    decision_date date,
    issue_date date,
    days_to_decision integer,
    days_to_delivery integer,
    working_days_to_delivery integer,
    is_caution boolean,
    is_open boolean,
    days_open integer,
    age_at_arrest_or_offence integer,
    residence_code text,
    service_code text,
    primary key (disposal_key)
);
alter table marts.fct_out_of_court_disposal add constraint fct_out_of_court_disposal_person_key_fkey foreign key (person_key)
    references marts.dim_child (person_key) deferrable initially deferred;
create index on marts.fct_out_of_court_disposal (person_key);
alter table marts.fct_out_of_court_disposal add constraint fct_out_of_court_disposal_offence_type_key_fkey foreign key (offence_type_key)
    references marts.dim_offence (offence_type_key) deferrable initially deferred;
create index on marts.fct_out_of_court_disposal (offence_type_key);
alter table marts.fct_out_of_court_disposal add constraint fct_out_of_court_disposal_outcome_type_key_fkey foreign key (outcome_type_key)
    references marts.dim_outcome (outcome_type_key) deferrable initially deferred;
create index on marts.fct_out_of_court_disposal (outcome_type_key);
alter table marts.fct_out_of_court_disposal add constraint fct_out_of_court_disposal_geography_key_fkey foreign key (geography_key)
    references marts.dim_geography (geography_key) deferrable initially deferred;
alter table marts.fct_out_of_court_disposal add constraint fct_out_of_court_disposal_referral_date_fkey foreign key (referral_date)
    references marts.dim_date (date_key) deferrable initially deferred;
alter table marts.fct_out_of_court_disposal add constraint fct_out_of_court_disposal_decision_date_fkey foreign key (decision_date)
    references marts.dim_date (date_key) deferrable initially deferred;
alter table marts.fct_out_of_court_disposal add constraint fct_out_of_court_disposal_issue_date_fkey foreign key (issue_date)
    references marts.dim_date (date_key) deferrable initially deferred;
comment on table marts.fct_out_of_court_disposal is 'Offences referred to the out-of-court panel or decided out of court. Grain: one row per offence the police sent as an out-of-court disposal. Rules: docs/indicators/out_of_court_disposals.md. What was decided is the case system''s word where it has one, else the police''s. Days to delivery are counted from the decision, calendar days and working days (Monday to Friday without the bank holidays of England). Open is what has not been delivered: a youth caution, youth conditional caution or community resolution, or nothing decided yet and not charged. Known limits: the police number youth caution and youth conditional caution alike; without the case system a conditional one is taken for a caution. Example question: how many cautions reach the child within 20 days of the panel?';
comment on column marts.fct_out_of_court_disposal.disposal_key is 'Key of the police''s record, minted once';
comment on column marts.fct_out_of_court_disposal.offence_key is 'The offence, as in fct_offence';
comment on column marts.fct_out_of_court_disposal.person_key is 'Child; -1 not known';
comment on column marts.fct_out_of_court_disposal.offence_type_key is 'Kind of offence; -1 not in the code list';
comment on column marts.fct_out_of_court_disposal.outcome_type_key is 'What was decided; -2 nothing yet, -1 not in the code list';
comment on column marts.fct_out_of_court_disposal.geography_key is 'District the child lived in on the day of delivery, else decision, else referral; -1 not known';
comment on column marts.fct_out_of_court_disposal.referral_date is 'Referred to the panel; may be null';
comment on column marts.fct_out_of_court_disposal.decision_date is 'The panel''s decision; null before it';
comment on column marts.fct_out_of_court_disposal.issue_date is 'Delivered to the child; null before it';
comment on column marts.fct_out_of_court_disposal.days_to_decision is 'Calendar days from referral to decision';
comment on column marts.fct_out_of_court_disposal.days_to_delivery is 'Calendar days from decision to delivery';
comment on column marts.fct_out_of_court_disposal.working_days_to_delivery is 'Working days after the decision up to and including the delivery';
comment on column marts.fct_out_of_court_disposal.is_caution is 'Youth caution or youth conditional caution';
comment on column marts.fct_out_of_court_disposal.is_open is 'Not delivered yet';
comment on column marts.fct_out_of_court_disposal.days_open is 'Days from referral (or decision) to the as-at day while open';
comment on column marts.fct_out_of_court_disposal.age_at_arrest_or_offence is 'Completed years at the arrest, where there was none at the offence';
comment on column marts.fct_out_of_court_disposal.residence_code is 'LOCAL, OTHER or NOT_KNOWN on the day';
comment on column marts.fct_out_of_court_disposal.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on marts.fct_out_of_court_disposal to yos_publisher;
grant select on marts.fct_out_of_court_disposal to yos_analyst, yos_practitioner;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('marts', 'fct_out_of_court_disposal', 'children', '0006')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ marts.fct_outcome
alter table marts.fct_outcome add column age_at_first_hearing integer;
comment on column marts.fct_outcome.age_at_first_hearing is 'Completed years; null when never in court or not known';
alter table marts.fct_outcome add column age_at_arrest_or_offence integer;
comment on column marts.fct_outcome.age_at_arrest_or_offence is 'Completed years on the day of arrest, else of the offence; null when not known';
alter table marts.fct_outcome add column outcome_rank integer;
comment on column marts.fct_outcome.outcome_rank is 'Order of seriousness, 1 the most serious; 99 not in the code list';
alter table marts.fct_outcome add column is_standing boolean;
comment on column marts.fct_outcome.is_standing is 'Of a known child, not of an adult, not changed or quashed on appeal';
alter table marts.fct_outcome add column fte_confidence_code text;
comment on column marts.fct_outcome.fte_confidence_code is 'Of a first-time entrant: PNC_CHECKED when the PNC was asked, else CMS_ONLY; NOT_APPLICABLE otherwise';
comment on table marts.fct_outcome is 'Legal outcomes of offences, each once. Grain: one row per outcome of an offence; a child sentenced for four offences has four. Rules: where the case system has an outcome of an offence it is believed, else police and courts. Tier ADULT is an outcome of an adult (18 or over at the first hearing, out of court on the day); it enters no measure. A first-time entrant is the first substantive outcome of a lifetime, ranked before outcomes given elsewhere are dropped. is_measured: it stands, and the child was 10 to 17 (at the first hearing; a caution at arrest or offence) and not living elsewhere. Known limits: where the PNC was not asked (fte_confidence_code CMS_ONLY) the lifetime is as long as the local record. Example question: how many children were sentenced this year, and how many to custody?';

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('marts', 'fct_outcome', 'children', '0006')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ marts.fct_remand_episode
create table marts.fct_remand_episode (
    episode_key bigint not null,
    person_key bigint,
    geography_key text,
    court_key text,
    outcome_type_key text,
    outcome_key bigint,
    remand_class_code text,
    start_date date,
    end_date date,
    nights integer,
    hearings integer,
    end_reason_code text,
    age_at_start integer,
    residence_code text,
    is_long_without_custody boolean,
    is_counted boolean,
    service_code text,
    primary key (episode_key)
);
alter table marts.fct_remand_episode add constraint fct_remand_episode_person_key_fkey foreign key (person_key)
    references marts.dim_child (person_key) deferrable initially deferred;
create index on marts.fct_remand_episode (person_key);
alter table marts.fct_remand_episode add constraint fct_remand_episode_geography_key_fkey foreign key (geography_key)
    references marts.dim_geography (geography_key) deferrable initially deferred;
alter table marts.fct_remand_episode add constraint fct_remand_episode_court_key_fkey foreign key (court_key)
    references marts.dim_court (court_key) deferrable initially deferred;
create index on marts.fct_remand_episode (court_key);
alter table marts.fct_remand_episode add constraint fct_remand_episode_outcome_type_key_fkey foreign key (outcome_type_key)
    references marts.dim_outcome (outcome_type_key) deferrable initially deferred;
create index on marts.fct_remand_episode (outcome_type_key);
alter table marts.fct_remand_episode add constraint fct_remand_episode_start_date_fkey foreign key (start_date)
    references marts.dim_date (date_key) deferrable initially deferred;
comment on table marts.fct_remand_episode is 'Remands of children to youth detention accommodation (YDA) or local authority accommodation (RLAA). Grain: one row per child and uninterrupted remand of one class. Rules: docs/indicators/remand.md. Hearings that follow one another with the same decision extend one episode, any other decision ends it, and so does the court''s outcome on or after its last hearing. nights = end (or the as-at day) less start. is_counted: aged 10 to 17 on the first day, not living elsewhere. Known limits: an outcome of another case of the child ends the episode too; a remand that nobody recorded as a hearing is not seen. Example question: which remands of four weeks and more ended without custody?';
comment on column marts.fct_remand_episode.episode_key is 'Key of the first hearing of the remand';
comment on column marts.fct_remand_episode.person_key is 'Child';
comment on column marts.fct_remand_episode.geography_key is 'District the child lived in on the first day; -1 not known';
comment on column marts.fct_remand_episode.court_key is 'Court of the first hearing; -1 not in the list of courts';
comment on column marts.fct_remand_episode.outcome_type_key is 'The outcome that ended it, the most serious of its day; -2 when none did';
comment on column marts.fct_remand_episode.outcome_key is 'That outcome, as in fct_outcome; null when none ended it';
comment on column marts.fct_remand_episode.remand_class_code is 'YDA or RLAA';
comment on column marts.fct_remand_episode.start_date is 'Day of the first hearing';
comment on column marts.fct_remand_episode.end_date is 'Day it ended; null while it runs';
comment on column marts.fct_remand_episode.nights is 'Nights up to the end or the as-at day';
comment on column marts.fct_remand_episode.hearings is 'Hearing days it was decided on';
comment on column marts.fct_remand_episode.end_reason_code is 'OUTCOME, OTHER_DECISION (bail, another class, none) or RUNNING';
comment on column marts.fct_remand_episode.age_at_start is 'Completed years on the first day; null when not known';
comment on column marts.fct_remand_episode.residence_code is 'LOCAL, OTHER or NOT_KNOWN on the first day';
comment on column marts.fct_remand_episode.is_long_without_custody is 'YDA of more than 27 nights that ended with an outcome other than custody';
comment on column marts.fct_remand_episode.is_counted is 'Aged 10 to 17 on the first day, not living elsewhere';
comment on column marts.fct_remand_episode.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on marts.fct_remand_episode to yos_publisher;
grant select on marts.fct_remand_episode to yos_analyst, yos_practitioner;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('marts', 'fct_remand_episode', 'children', '0006')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ marts.fct_remand_night
create table marts.fct_remand_night (
    episode_key bigint not null,
    quarter_start date not null,
    person_key bigint,
    geography_key text,
    remand_class_code text,
    nights integer,
    is_counted boolean,
    service_code text,
    primary key (episode_key, quarter_start)
);
alter table marts.fct_remand_night add constraint fct_remand_night_quarter_start_fkey foreign key (quarter_start)
    references marts.dim_date (date_key) deferrable initially deferred;
alter table marts.fct_remand_night add constraint fct_remand_night_person_key_fkey foreign key (person_key)
    references marts.dim_child (person_key) deferrable initially deferred;
create index on marts.fct_remand_night (person_key);
alter table marts.fct_remand_night add constraint fct_remand_night_geography_key_fkey foreign key (geography_key)
    references marts.dim_geography (geography_key) deferrable initially deferred;
comment on table marts.fct_remand_night is 'Nights on remand by calendar quarter. Grain: one row per remand episode and quarter with at least one night. Rules: the night of a day belongs to the quarter of that day; the day of the end has no night. Bed-nights are those of class YDA. The nights of an episode add up to those of fct_remand_episode. Known limits: a running episode has its nights up to the as-at day. Example question: how many bed-nights in youth detention were there in 2025/26?';
comment on column marts.fct_remand_night.episode_key is 'The remand, as in fct_remand_episode';
comment on column marts.fct_remand_night.quarter_start is 'First day of the calendar quarter';
comment on column marts.fct_remand_night.person_key is 'Child';
comment on column marts.fct_remand_night.geography_key is 'District the child lived in on the first day of the remand; -1 not known';
comment on column marts.fct_remand_night.remand_class_code is 'YDA or RLAA';
comment on column marts.fct_remand_night.nights is 'Nights in the quarter';
comment on column marts.fct_remand_night.is_counted is 'Aged 10 to 17 on the first day of the remand, not living elsewhere';
comment on column marts.fct_remand_night.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on marts.fct_remand_night to yos_publisher;
grant select on marts.fct_remand_night to yos_analyst, yos_practitioner;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('marts', 'fct_remand_night', 'children', '0006')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ marts.fct_sentencing_occasion
create table marts.fct_sentencing_occasion (
    occasion_key bigint not null,
    person_key bigint,
    outcome_type_key text,
    geography_key text,
    outcome_date date,
    tier_code text,
    offences integer,
    is_custody boolean,
    custody_days numeric(8,2),
    age_at_first_hearing integer,
    residence_code text,
    is_counted boolean,
    service_code text,
    primary key (occasion_key)
);
alter table marts.fct_sentencing_occasion add constraint fct_sentencing_occasion_person_key_fkey foreign key (person_key)
    references marts.dim_child (person_key) deferrable initially deferred;
create index on marts.fct_sentencing_occasion (person_key);
alter table marts.fct_sentencing_occasion add constraint fct_sentencing_occasion_outcome_type_key_fkey foreign key (outcome_type_key)
    references marts.dim_outcome (outcome_type_key) deferrable initially deferred;
create index on marts.fct_sentencing_occasion (outcome_type_key);
alter table marts.fct_sentencing_occasion add constraint fct_sentencing_occasion_geography_key_fkey foreign key (geography_key)
    references marts.dim_geography (geography_key) deferrable initially deferred;
alter table marts.fct_sentencing_occasion add constraint fct_sentencing_occasion_outcome_date_fkey foreign key (outcome_date)
    references marts.dim_date (date_key) deferrable initially deferred;
comment on table marts.fct_sentencing_occasion is 'Sentencing occasions: what a child was given by courts on one day. Grain: one row per child and day with a court disposal that stands. Rules: not changed or quashed on appeal, not an adult''s. The most serious disposal stands for the day, whatever the number of offences. custody_days: the longest of the terms that run together plus the sum of those that follow (qualifier F), in days (month 30.44, year 365.25), as police or courts sent them. is_counted: aged 10 to 17 at the first hearing, not living elsewhere. Known limits: a length is known only where police or court sent one for the same offence and day. Example question: how long are custodial sentences?';
comment on column marts.fct_sentencing_occasion.occasion_key is 'Key of the most serious outcome of the day';
comment on column marts.fct_sentencing_occasion.person_key is 'Child';
comment on column marts.fct_sentencing_occasion.outcome_type_key is 'The most serious disposal of the day';
comment on column marts.fct_sentencing_occasion.geography_key is 'District the child lived in on the day; -1 not known';
comment on column marts.fct_sentencing_occasion.outcome_date is 'Day of the sentence';
comment on column marts.fct_sentencing_occasion.tier_code is 'Tier of the most serious disposal';
comment on column marts.fct_sentencing_occasion.offences is 'Offences sentenced on the day';
comment on column marts.fct_sentencing_occasion.is_custody is 'Custody was given';
comment on column marts.fct_sentencing_occasion.custody_days is 'Length in days; null without custody or when nobody sent a length';
comment on column marts.fct_sentencing_occasion.age_at_first_hearing is 'Completed years at the first hearing of that offence; null when not known';
comment on column marts.fct_sentencing_occasion.residence_code is 'LOCAL, OTHER or NOT_KNOWN on the day';
comment on column marts.fct_sentencing_occasion.is_counted is 'Aged 10 to 17 at the first hearing, not living elsewhere';
comment on column marts.fct_sentencing_occasion.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on marts.fct_sentencing_occasion to yos_publisher;
grant select on marts.fct_sentencing_occasion to yos_analyst, yos_practitioner;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('marts', 'fct_sentencing_occasion', 'children', '0006')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ reports.rpt_indicator
create table reports.rpt_indicator (
    indicator_id text not null,
    period_code text not null,
    indicator_name text,
    variant_code text,
    unit text,
    polarity text,
    period_kind text,
    period_name text,
    first_day date,
    last_day date,
    numerator numeric,
    denominator numeric,
    value numeric,
    numerator_shown text,
    denominator_shown text,
    value_shown text,
    interval_shown text,
    year_before_shown text,
    direction_words text,
    state_words text,
    population_10_17 integer,
    population_mid_year integer,
    source_basis text,
    service_code text,
    primary key (indicator_id, period_code)
);
alter table reports.rpt_indicator add constraint rpt_indicator_period_code_fkey foreign key (period_code)
    references marts.dim_period (period_code) deferrable initially deferred;
create index on reports.rpt_indicator (period_code);
comment on table reports.rpt_indicator is 'Local figures of children for the service, by period, beside the same period a year before; small counts hidden. Grain: one row per indicator and period.';
comment on column reports.rpt_indicator.indicator_id is 'Indicator';
comment on column reports.rpt_indicator.period_code is 'Period';
comment on column reports.rpt_indicator.indicator_name is 'Name for people';
comment on column reports.rpt_indicator.variant_code is 'The variant the service decided for';
comment on column reports.rpt_indicator.unit is 'pct, ratio, count, per_1000, per_10000 or per_100000';
comment on column reports.rpt_indicator.polarity is 'Which direction is good';
comment on column reports.rpt_indicator.period_kind is 'Kind of period';
comment on column reports.rpt_indicator.period_name is 'Jul-Sep 2025';
comment on column reports.rpt_indicator.first_day is 'First day';
comment on column reports.rpt_indicator.last_day is 'Last day';
comment on column reports.rpt_indicator.numerator is 'Numerator; null when hidden';
comment on column reports.rpt_indicator.denominator is 'Denominator; null when hidden';
comment on column reports.rpt_indicator.value is 'Figure; null when hidden';
comment on column reports.rpt_indicator.numerator_shown is 'c when hidden';
comment on column reports.rpt_indicator.denominator_shown is 'c when hidden';
comment on column reports.rpt_indicator.value_shown is 'Rounded; c when hidden';
comment on column reports.rpt_indicator.interval_shown is '95 % interval of a share';
comment on column reports.rpt_indicator.year_before_shown is 'The same period a year before';
comment on column reports.rpt_indicator.direction_words is 'Improved or worsened, and by how much';
comment on column reports.rpt_indicator.state_words is 'Whether the figure is complete';
comment on column reports.rpt_indicator.population_10_17 is 'Population of a rate';
comment on column reports.rpt_indicator.population_mid_year is 'Its mid-year';
comment on column reports.rpt_indicator.source_basis is 'LOCAL_CMS';
comment on column reports.rpt_indicator.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on reports.rpt_indicator to yos_publisher;
grant select on reports.rpt_indicator to yos_analyst, yos_practitioner;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('reports', 'rpt_indicator', 'children', '0006')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ reports.rpt_persistence
create table reports.rpt_persistence (
    cohort_code text not null,
    top_children integer not null,
    rule_code text,
    cohort_name text,
    share_of_reoffences numeric,
    source_basis text,
    service_code text,
    primary key (cohort_code, top_children)
);
alter table reports.rpt_persistence add constraint rpt_persistence_cohort_code_fkey foreign key (cohort_code)
    references marts.dim_cohort (cohort_code) deferrable initially deferred;
comment on table reports.rpt_persistence is 'What share of a cohort''s reoffences the five, ten or twenty children with the most committed. Grain: one row per cohort and number of children; never fewer than five, nor where fewer than five others are left.';
comment on column reports.rpt_persistence.cohort_code is 'Cohort';
comment on column reports.rpt_persistence.top_children is 'How many children';
comment on column reports.rpt_persistence.rule_code is 'Rule of the cohort';
comment on column reports.rpt_persistence.cohort_name is 'Jul-Sep 2025';
comment on column reports.rpt_persistence.share_of_reoffences is 'Per cent of the cohort''s reoffences';
comment on column reports.rpt_persistence.source_basis is 'LOCAL_CMS';
comment on column reports.rpt_persistence.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on reports.rpt_persistence to yos_publisher;
grant select on reports.rpt_persistence to yos_analyst, yos_practitioner;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('reports', 'rpt_persistence', 'children', '0006')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;
