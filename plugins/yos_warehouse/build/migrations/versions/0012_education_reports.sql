-- Drafted by `yos migration` from the models; runs as role yos_owner.

-- ------------------------------------------------------------ marts.dim_indicator
alter table marts.dim_indicator add column subject_code text;
comment on column marts.dim_indicator.subject_code is 'JUSTICE or EDUCATION: the subject whose breaks in series concern it';
alter table marts.dim_indicator add column told_from date;
comment on column marts.dim_indicator.told_from is 'No period that begins earlier has a figure; null: from the first day that is known';

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('marts', 'dim_indicator', 'children', '0012')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ reports.rpt_eet_breakdown
create table reports.rpt_eet_breakdown (
    kind_code text not null,
    category_name text not null,
    period_code text,
    period_name text,
    order_ends numeric,
    suitable numeric,
    suitable_at_start numeric,
    order_ends_shown text,
    suitable_shown text,
    suitable_at_start_shown text,
    suitable_pct numeric,
    suitable_at_start_pct numeric,
    change_points numeric,
    source_basis text,
    service_code text,
    primary key (kind_code, category_name)
);
alter table reports.rpt_eet_breakdown add constraint rpt_eet_breakdown_period_code_fkey foreign key (period_code)
    references marts.dim_period (period_code) deferrable initially deferred;
create index on reports.rpt_eet_breakdown (period_code);
comment on table reports.rpt_eet_breakdown is 'Education, employment and training at the end of orders, of the last complete financial year, by who the children are, where they were and why not; small categories hidden, with as many others as it takes that none can be told, and what rpt_indicator hides of that year. Grain: one row per kind of breakdown and category. Known limits: a kind is hidden by itself, with reasons by status and ages by side of school age; categories of two other kinds that nearly coincide can be set against each other. Not in education, employment or training, and not known, are told by reason alone.';
comment on column reports.rpt_eet_breakdown.kind_code is 'SCHOOL_AGE, PROVISION (of those in a placement), HOURS_BAND, SEND, LOOKED_AFTER, DISTRICT, ORDER_TYPE, AGE (at the end), ETHNICITY, REASON or CHANGE';
comment on column reports.rpt_eet_breakdown.category_name is 'Category: a name, or the code of fct_eet_at_order_end';
comment on column reports.rpt_eet_breakdown.period_code is 'The last complete financial year, as a year to date';
comment on column reports.rpt_eet_breakdown.period_name is 'Its name';
comment on column reports.rpt_eet_breakdown.order_ends is 'Order ends that count; null when hidden';
comment on column reports.rpt_eet_breakdown.suitable is 'Of these, in suitable education, employment or training; null when hidden';
comment on column reports.rpt_eet_breakdown.suitable_at_start is 'Of these, so on the day the order began; null when hidden';
comment on column reports.rpt_eet_breakdown.order_ends_shown is 'c when hidden';
comment on column reports.rpt_eet_breakdown.suitable_shown is 'c when hidden';
comment on column reports.rpt_eet_breakdown.suitable_at_start_shown is 'c when hidden';
comment on column reports.rpt_eet_breakdown.suitable_pct is 'Per cent suitable; null when hidden or of fewer than ten';
comment on column reports.rpt_eet_breakdown.suitable_at_start_pct is 'Per cent suitable at the start; null when hidden or of fewer than ten';
comment on column reports.rpt_eet_breakdown.change_points is 'From start to end in percentage points; null when hidden or of fewer than ten';
comment on column reports.rpt_eet_breakdown.source_basis is 'LOCAL_CMS';
comment on column reports.rpt_eet_breakdown.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on reports.rpt_eet_breakdown to yos_publisher;
grant select on reports.rpt_eet_breakdown to yos_analyst, yos_practitioner;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('reports', 'rpt_eet_breakdown', 'children', '0012')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ reports.rpt_indicator
alter table reports.rpt_indicator add column series_break text;
comment on column reports.rpt_indicator.series_break is 'Time in which the figure means something else, such as closed schools, that the period shares a day with; null without';
alter table reports.rpt_indicator add column target text;
comment on column reports.rpt_indicator.target is 'Target in words; null without one';
alter table reports.rpt_indicator add column against_target text;
comment on column reports.rpt_indicator.against_target is 'Meets or misses the target';

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('reports', 'rpt_indicator', 'children', '0012')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;
