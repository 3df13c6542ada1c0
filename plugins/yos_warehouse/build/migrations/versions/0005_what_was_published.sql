-- What was published stays, and every look at a child's record is logged. Runs as role yos_owner.
-- No model makes these tables (build/permanent.py, KEPT). Rows are only ever added: a trigger refuses everything else, to the
-- owner too and under any session_replication_role.

create function ops.refuse_change() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    raise exception '%.% is only ever added to', tg_table_schema, tg_table_name using errcode = '42501';
end
$$;
revoke all on function ops.refuse_change() from public;

-- ---------------------------------------------------------------- values: figures as first published when due

create table marts.fct_indicator_value (
    indicator_id text not null,
    variant_code text not null,
    version integer not null,
    period_code text not null,
    geography_level text not null,
    geography_code text not null,
    numerator numeric,
    denominator numeric,
    value numeric,
    interval_low numeric,
    interval_high numeric,
    population_10_17 numeric,
    population_mid_year integer,
    population_released_on date,
    due_date date,
    is_due boolean not null,
    source_basis text,
    service_code text,
    as_at date not null,
    publication_id bigint not null,
    published_at timestamptz not null default now(),
    primary key (indicator_id, variant_code, version, period_code, geography_level, geography_code)
);
comment on table marts.fct_indicator_value is 'Figures as first published once due; they stay as they were. Grain: one row per indicator, variant, version of the definition, period and place. Rules: the first publication of children on or after the due date copies fct_indicator_latest; what becomes known later changes fct_indicator_latest alone, and restatement shows the difference. Known limits: periods that were due before the table was first filled carry the day of that publication. Example question: what did the board see in January?';
comment on column marts.fct_indicator_value.indicator_id is 'Indicator';
comment on column marts.fct_indicator_value.variant_code is 'Variant of the definition';
comment on column marts.fct_indicator_value.version is 'Version of the definition';
comment on column marts.fct_indicator_value.period_code is 'Period';
comment on column marts.fct_indicator_value.geography_level is 'SERVICE, AREA, TEAM or DISTRICT';
comment on column marts.fct_indicator_value.geography_code is 'Place';
comment on column marts.fct_indicator_value.numerator is 'Numerator';
comment on column marts.fct_indicator_value.denominator is 'Denominator';
comment on column marts.fct_indicator_value.value is 'Value, unrounded';
comment on column marts.fct_indicator_value.interval_low is 'Lower end of the interval';
comment on column marts.fct_indicator_value.interval_high is 'Upper end of the interval';
comment on column marts.fct_indicator_value.population_10_17 is 'Children of the place, where the figure is a rate of them';
comment on column marts.fct_indicator_value.population_mid_year is 'Year of that estimate';
comment on column marts.fct_indicator_value.population_released_on is 'Day on which that estimate was released';
comment on column marts.fct_indicator_value.due_date is 'First day on which the figure could be published';
comment on column marts.fct_indicator_value.is_due is 'True: only figures that are due become values';
comment on column marts.fct_indicator_value.source_basis is 'What it is computed from';
comment on column marts.fct_indicator_value.service_code is 'Service the row belongs to';
comment on column marts.fct_indicator_value.as_at is 'What was known by the end of this day';
comment on column marts.fct_indicator_value.publication_id is 'Publication that froze it';
comment on column marts.fct_indicator_value.published_at is 'When it was published';

-- who stood behind a value of the whole service: those counted, and those left out with the reason
create table restricted.published_case (
    indicator_id text not null,
    variant_code text not null,
    version integer not null,
    period_code text not null,
    contributor_key text not null,
    case_key text not null,
    case_date date,
    person_key bigint,
    case_reference text,
    geography_key text,
    fact_key bigint,
    fact_date date,
    numerator numeric not null,
    denominator numeric not null,
    is_in boolean not null,
    reason_code text,
    publication_id bigint not null,
    service_code text,
    primary key (indicator_id, variant_code, version, period_code, contributor_key)
);
comment on table restricted.published_case is 'Who stood behind each value of the whole service: one row per child where the indicator counts children, else one per case; those left out are kept with the reason.';
comment on column restricted.published_case.contributor_key is 'The child''s key where the indicator counts children, else the case''s';
comment on column restricted.published_case.case_key is 'The case; of several cases of a child the one that counted most';
comment on column restricted.published_case.case_reference is 'The case system''s own number of the child; null when it has none';
comment on column restricted.published_case.fact_key is 'The outcome, offence, hearing or order behind it';
comment on column restricted.published_case.numerator is 'What it added to the numerator; 0 when left out';
comment on column restricted.published_case.denominator is 'What it added to the denominator; 0 when left out';
comment on column restricted.published_case.reason_code is 'IN, or why it was left out';

-- ---------------------------------------------------------------- looks (DPA 2018 s.62; domain.md 4.3 G6)

create table restricted.access_log (
    access_id bigint generated always as identity primary key,
    logged_at timestamptz not null default clock_timestamp(),
    role_name text not null default session_user,
    asked_by text not null check (length(btrim(asked_by)) between 1 and 200),
    what text not null check (what in ('explain', 'tracker', 'tracker_reoffence', 'restatement')),
    indicator_id text,
    variant_code text,
    period_code text,
    as_at date,
    purpose text not null check (length(btrim(purpose)) between 10 and 500),
    rows_returned bigint not null
);
comment on table restricted.access_log is 'Every look at records of children behind a figure or on the tracker: who, when, why, how many rows.';
comment on column restricted.access_log.access_id is 'Number of the look. A number that is missing is a look whose transaction was rolled back, or a crash; the server''s log has a line "yos access" for the former';
comment on column restricted.access_log.logged_at is 'When';
comment on column restricted.access_log.role_name is 'Role that was logged in';
comment on column restricted.access_log.asked_by is 'The person, as the program that asked gives it';
comment on column restricted.access_log.what is 'explain, tracker, tracker_reoffence or restatement';
comment on column restricted.access_log.as_at is 'The day whose knowledge was shown';
comment on column restricted.access_log.purpose is 'Why, in the person''s own words';
comment on column restricted.access_log.rows_returned is 'How many rows were shown';

-- The functions that show records call this last. A log entry of the transaction alone could be rolled back after the look:
-- the identity number and the line in the server's log cannot.
create function restricted.log_access(
    what text, indicator_id text, variant_code text, period_code text, as_at date, purpose text, asked_by text, rows_returned bigint
) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
    number bigint;
begin
    insert into restricted.access_log as log (asked_by, what, indicator_id, variant_code, period_code, as_at, purpose, rows_returned)
    values (asked_by, what, indicator_id, variant_code, period_code, as_at, purpose, rows_returned)
    returning log.access_id into number;
    raise log 'yos access %: % saw % rows of %', number, session_user, rows_returned, what;
end
$$;

-- They call this first: nothing is read for somebody who does not say why.
create function restricted.demand_purpose(purpose text, asked_by text) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    if length(btrim(coalesce(purpose, ''))) not between 10 and 500 then
        raise exception 'PURPOSE: a look at children''s records needs a purpose of 10 to 500 characters'
            using errcode = 'YOS01', hint = 'say why you look';
    end if;
    if length(btrim(coalesce(asked_by, ''))) not between 1 and 200 then
        raise exception 'ASKED_BY: a look at children''s records needs the name of who asks'
            using errcode = 'YOS01', hint = 'give your user name';
    end if;
end
$$;

revoke all on all functions in schema restricted from public;

do $$
declare
    kept regclass;
begin
    foreach kept in array array['marts.fct_indicator_value', 'restricted.published_case', 'restricted.access_log']::regclass[] loop
        execute format(
            'create trigger only_added_to before update or delete or truncate on %s for each statement execute function ops.refuse_change()', kept
        );
        execute format('alter table %s enable always trigger only_added_to', kept);
    end loop;
end
$$;

grant select, insert on marts.fct_indicator_value, restricted.published_case to yos_publisher;
grant select on marts.fct_indicator_value to yos_analyst, yos_practitioner;
grant usage on schema restricted to yos_auditor;
grant select on restricted.access_log to yos_auditor;
