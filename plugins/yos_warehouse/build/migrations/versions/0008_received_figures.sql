-- Drafted by `yos migration` from the models; runs as role yos_owner.

-- ------------------------------------------------------------ marts.fct_published_value
create table marts.fct_published_value (
    published_value_key bigint not null,
    indicator_id text,
    source_basis text,
    cohort_code text,
    area_kind_code text,
    area_name text,
    first_day date,
    last_day date,
    period_name text,
    months_followed integer,
    unit text,
    value numeric(18,6),
    decimals integer,
    numerator numeric(18,6),
    denominator numeric(18,6),
    comparison_value numeric(18,6),
    target_value numeric(18,6),
    target_sense text,
    target_confidence text,
    is_suspect boolean,
    suspect_code text,
    service_code text,
    primary key (published_value_key)
);
comment on table marts.fct_published_value is 'Figures that others published about the service and its comparators, as received. Grain: one row per received figure (indicator, basis, area, period and the document it stands in). Rules: shown beside computed figures and never mixed with them; a figure is as it was printed, never recomputed. Known limits: notes and documents stay in the closed zones; two documents may print different values for one period. Example question: how does the service''s rate of first-time entrants compare with England''s?';
comment on column marts.fct_published_value.published_value_key is 'Key of the received figure, minted once';
comment on column marts.fct_published_value.indicator_id is 'Indicator; the name of the computed one where there is one';
comment on column marts.fct_published_value.source_basis is 'PNC_PUBLISHED or MOJ_PUBLISHED (received from the Board or the Ministry), LOCAL_PRINTED (a local figure as a document printed it), NOT_KNOWN';
comment on column marts.fct_published_value.cohort_code is 'Of a reoffending figure: QUARTER (a cohort of three months), YEAR (four of them together); -2 not applicable';
comment on column marts.fct_published_value.area_kind_code is 'SERVICE, REGION, FAMILY, ENGLAND, ENGLAND_AND_WALES, NATIONAL (which of the two is not said) or NOT_KNOWN';
comment on column marts.fct_published_value.area_name is 'Area';
comment on column marts.fct_published_value.first_day is 'First day of the period, empty when not stated';
comment on column marts.fct_published_value.last_day is 'Last day of the period, empty when not stated';
comment on column marts.fct_published_value.period_name is 'Oct 2016 to Sep 2017';
comment on column marts.fct_published_value.months_followed is 'Of a cohort still followed: months at which the figure was taken';
comment on column marts.fct_published_value.unit is 'pct, per_1000, per_10000, per_100000, ratio, count or NOT_KNOWN';
comment on column marts.fct_published_value.value is 'The figure as printed';
comment on column marts.fct_published_value.decimals is 'Decimals it was printed with';
comment on column marts.fct_published_value.numerator is 'Children or events counted, if stated';
comment on column marts.fct_published_value.denominator is 'Children or population, if stated';
comment on column marts.fct_published_value.comparison_value is 'The earlier figure printed beside it';
comment on column marts.fct_published_value.target_value is 'Target printed beside it';
comment on column marts.fct_published_value.target_sense is 'below or above; empty when not said';
comment on column marts.fct_published_value.target_confidence is 'STATED or INFERRED; empty without a target';
comment on column marts.fct_published_value.is_suspect is 'To be read with doubt';
comment on column marts.fct_published_value.suspect_code is 'DOUBTED_BY_SENDER, ENGLAND_BESIDE_ENGLAND_AND_WALES (the two differ by more than a tenth) or -2';
comment on column marts.fct_published_value.service_code is 'Service that received it';
grant select, insert, update, delete, maintain on marts.fct_published_value to yos_publisher;
grant select on marts.fct_published_value to yos_analyst, yos_practitioner;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('marts', 'fct_published_value', 'children', '0008')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ reports.rpt_indicator
alter table reports.rpt_indicator add column published_service text;
comment on column reports.rpt_indicator.published_service is 'The service''s figure of the same period as the Ministry or Board published it';
alter table reports.rpt_indicator add column published_region text;
comment on column reports.rpt_indicator.published_region is 'The region''s';
alter table reports.rpt_indicator add column published_family text;
comment on column reports.rpt_indicator.published_family is 'Of the statistical neighbours';
alter table reports.rpt_indicator add column published_england text;
comment on column reports.rpt_indicator.published_england is 'England''s';
alter table reports.rpt_indicator add column published_england_and_wales text;
comment on column reports.rpt_indicator.published_england_and_wales is 'Of England and Wales';
