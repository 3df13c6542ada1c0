-- Zones (schemas), the tables of ops, quarantine and identity, and the functions that read what partners write.
-- Runs as role yos_owner. Roles and the database itself come from server/roles.py.

create schema landing;       -- the loader's workspace: what a drop says, as text, until it is judged
create schema raw;           -- every version of every record, append-only
create schema quarantine;    -- rows held back, with the reason
create schema identity;      -- who is who: keys without meaning
create schema ref;           -- code lists
create schema if not exists ops;  -- what the warehouse did; the list of migrations is there already
create schema marts;         -- pseudonymous stars
create schema reports;       -- aggregates with small numbers hidden
create schema restricted;    -- practitioners' lists

grant usage, create on schema landing to yos_loader;
grant usage on schema raw, quarantine, ref, ops to yos_loader;
grant usage on schema identity, ref, ops to yos_identity;
grant usage on schema raw, identity, ops to yos_transformer;
grant usage, create on schema ref to yos_transformer;  -- dbt seeds
grant usage on schema marts, reports, restricted, ops, ref to yos_publisher;
grant usage on schema marts, reports, ref to yos_analyst;
grant usage on schema marts, reports, ref to yos_finance;  -- which tables: the audience of each model
grant usage on schema marts, reports, ref, restricted to yos_practitioner;
grant usage on schema ops, marts to yos_auditor;
grant usage on schema marts to yos_transformer;  -- marts.publication alone

-- The tables of these schemas come from the contracts (history/tables.py), made by yos_owner later on.
alter default privileges in schema raw grant select, insert, update on tables to yos_loader;
alter default privileges in schema raw grant select on tables to yos_transformer;
alter default privileges in schema quarantine grant select, insert, update, delete on tables to yos_loader;

-- What a drop of changes stated again as it was leaves no version behind: without this a late older drop would overtake it.
create table raw.restatement (
    load_id bigint not null,
    raw_table text not null,
    service_code text not null,
    business_date date not null,
    received_at timestamptz not null,
    key_hashes bigint[] not null,  -- of the record ids the drop carries
    primary key (load_id, raw_table)
);
comment on table raw.restatement is 'Which records each drop of changes carried, where some of them were unchanged.';
grant delete on raw.restatement to yos_loader;

-- ---------------------------------------------------------------- ops: runs, drops, loads

create table ops.run (
    run_id bigint generated always as identity primary key,  -- the fencing token: only ever grows
    kind text not null check (kind in ('nightly', 'ingest', 'as_at')),
    owner text not null,                                     -- who asked: the Airflow run id
    state text not null check (state in ('running', 'succeeded', 'failed', 'abandoned')),
    as_at date,
    started_at timestamptz not null default now(),
    heartbeat_at timestamptz not null default now(),
    finished_at timestamptz,
    step text
);
comment on table ops.run is 'Lease and fencing token: at most one run is live; a step of an older run may not write.';

create table ops.drop (
    drop_id bigint generated always as identity primary key,
    service_code text not null,
    feed text not null,
    business_date date not null,
    received_at timestamptz not null,
    content_hash text not null,
    files integer not null,
    rows_declared bigint,
    is_fictional boolean not null,
    first_seen_run_id bigint references ops.run,
    first_seen_at timestamptz not null default now(),
    unique (service_code, feed, business_date, content_hash)
);
comment on table ops.drop is 'What one feed delivered for one business date, known by the hash of its content.';

create table ops.load (
    load_id bigint generated always as identity primary key,
    drop_id bigint not null references ops.drop,
    run_id bigint not null references ops.run,
    state text not null check (state in ('accepted', 'rejected', 'kept')),  -- kept: older than what is applied
    reason_code text,
    reason text,
    supersedes_load_id bigint references ops.load,
    rows_in_files bigint not null default 0,
    rows_accepted bigint not null default 0,
    rows_quarantined bigint not null default 0,
    rows_rejected bigint not null default 0,
    started_at timestamptz not null,
    finished_at timestamptz not null default now(),
    check (rows_accepted + rows_quarantined + rows_rejected = rows_in_files)
);
create unique index load_once on ops.load (drop_id) where state in ('accepted', 'kept');
comment on table ops.load is 'Taking in one drop: all or nothing, and every row accounted for.';

create table ops.load_entity (
    load_id bigint not null references ops.load,
    entity text not null,
    rows_in_files bigint not null,
    rows_accepted bigint not null,
    rows_quarantined bigint not null,
    rows_repeated bigint not null,   -- identical copies inside the drop; counted in rows_accepted
    records_new bigint not null,
    records_changed bigint not null,
    records_unchanged bigint not null,
    records_closed bigint not null,
    extra_columns text[] not null default '{}',
    primary key (load_id, entity)
);

create table ops.check_result (
    check_result_id bigint generated always as identity primary key,
    run_id bigint not null references ops.run,
    load_id bigint references ops.load,
    checked_by text not null check (checked_by in ('great_expectations', 'dbt', 'warehouse')),
    rule_code text not null,
    feed text,
    entity text,
    unit text check (unit in ('children', 'finance')),
    family text not null check (family in ('configuration', 'integrity', 'value')),
    severity text not null check (severity in ('error', 'warn')),
    owner text not null,
    outcome text not null check (outcome in ('passed', 'failed', 'error')),  -- error: the check itself broke
    rows_checked bigint,
    rows_failed bigint,
    checked_at timestamptz not null default now()
);
comment on table ops.check_result is 'One result store for the door (Great Expectations) and the house (dbt). Counts and codes only.';

create table ops.incident (
    incident_id bigint generated always as identity primary key,
    rule_code text not null,
    feed text,
    entity text,
    unit text,
    owner_name text not null,
    owner_email text not null,
    severity text not null check (severity in ('error', 'warn')),
    words text not null,        -- for the owner; no value of any record
    remedy text not null,
    rows_now bigint,
    first_run_id bigint not null references ops.run,
    last_run_id bigint not null references ops.run,
    opened_at timestamptz not null default now(),
    closed_at timestamptz
);
create unique index incident_open_once on ops.incident (rule_code, coalesce(feed, ''), coalesce(entity, ''), owner_email) where closed_at is null;

create table ops.outbox (
    mail_id bigint generated always as identity primary key,
    dedupe_key text not null unique,
    recipient text not null,
    subject text not null,
    body text not null,
    created_at timestamptz not null default now(),
    attempts integer not null default 0,
    last_error text,
    next_attempt_at timestamptz not null default now(),
    sent_at timestamptz
);
comment on table ops.outbox is 'Mails are rows first: a mail server that is down loses nothing and holds nothing up.';

create table ops.model_run (
    run_id bigint not null references ops.run,
    step text not null,
    node text not null,
    status text not null,
    seconds numeric(10, 3) not null,
    failures integer,
    message_code text,             -- what kind of database error; never its text, which may carry a value
    units text[] not null default '{}',  -- what hangs on the node: the units it holds back when it fails
    primary key (run_id, step, node)
);
comment on table ops.model_run is 'One row per dbt node and run, from run_results.json.';

create table ops.built_table (
    run_id bigint not null references ops.run,
    schema_name text not null,
    table_name text not null,
    declared jsonb not null,       -- columns, keys, audience as the model's yml declares them
    primary key (run_id, schema_name, table_name)
);
comment on table ops.built_table is 'What the models of a run declare of the permanent tables; the publisher holds it against the catalogue.';

create table ops.permanent_table (
    schema_name text not null check (schema_name in ('marts', 'reports', 'restricted')),
    table_name text not null,
    unit text not null check (unit in ('children', 'finance', 'shared')),
    migration text not null,       -- the newest migration that changed it
    primary key (schema_name, table_name)
);
comment on table ops.permanent_table is 'The tables that publication writes; each migration of the marts keeps its rows.';

create table ops.change_log (
    publication_id bigint not null,
    table_name text not null,      -- with its schema
    rows_deleted bigint not null,
    rows_updated bigint not null,
    rows_inserted bigint not null,
    rows_total bigint not null,
    primary key (publication_id, table_name)
);

create table ops.build (
    schema_name text primary key,
    publication_id bigint not null,
    migration text not null,       -- the mart migration it was made under
    built_at timestamptz not null default now()
);

create table ops.publication_hold (
    unit text primary key check (unit in ('children', 'finance')),
    reason text not null,
    held_at timestamptz not null default now()
);
comment on table ops.publication_hold is 'After a rollback nothing is published until yos release.';

create table marts.publication (
    publication_id bigint generated always as identity primary key,
    run_id bigint not null,
    unit text not null check (unit in ('children', 'finance')),
    as_at date not null,
    published_at timestamptz not null default now(),
    kind text not null check (kind in ('publish', 'rollback')),
    data_dates jsonb not null,     -- feed -> latest business date built from
    rows_changed bigint not null,
    is_fictional boolean not null,
    build_schema text
);
comment on table marts.publication is 'What was published when: one row per unit and publication; the newest per unit is what the marts show.';

-- ---------------------------------------------------------------- identity

create table identity.person (
    person_key bigint generated always as identity primary key,
    minted_run_id bigint references ops.run,
    minted_at timestamptz not null default now()
);
insert into identity.person (person_key) overriding system value values (-1), (-2);
comment on table identity.person is 'One row per recognised child: a key without meaning. It cannot be rebuilt; back it up first.';

create table identity.person_link (
    service_code text not null,
    feed text not null,
    entity text not null,
    source_id text not null,
    person_key bigint not null references identity.person,
    method text not null check (method in ('source_id', 'pnc_id', 'upn', 'name_and_birth', 'new')),
    since timestamptz not null,
    until timestamptz,
    primary key (service_code, feed, entity, source_id, since)
);
create index on identity.person_link (person_key);

create table identity.record_key (
    record_key bigint generated always as identity primary key,
    service_code text not null,
    feed text not null,
    entity text not null,
    source_id text not null,
    unique (service_code, feed, entity, source_id)
);
insert into identity.record_key (record_key, service_code, feed, entity, source_id) overriding system value
values (-1, '', '', '', 'not known'), (-2, '', '', '', 'not applicable');

-- What later layers may see of identity: keys only.
create view identity.person_key_map as
select service_code, feed, entity, source_id, person_key, since, until from identity.person_link;
create view identity.record_key_map as
select service_code, feed, entity, source_id, record_key from identity.record_key;

-- ---------------------------------------------------------------- functions that read what partners write
-- One reading for the door and for staging. Null for what cannot be read; the door then holds the row back.

create function ref.parse_date(value text) returns date
language sql stable parallel safe as $$
    select case
        when value ~ '^\d{2}/\d{2}/\d{4}$'
            and pg_input_is_valid(substr(value, 7, 4) || '-' || substr(value, 4, 2) || '-' || substr(value, 1, 2), 'date')
            then make_date(substr(value, 7, 4)::int, substr(value, 4, 2)::int, substr(value, 1, 2)::int)
        when value ~ '^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$'
            and pg_input_is_valid(substr(value, 1, 10), 'date')
            then substr(value, 1, 10)::date
        when value ~ '^\d{4}-(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)-\d{2}( 00:00:00)?$'
            and pg_input_is_valid(substr(value, 1, 11), 'date')
            then substr(value, 1, 11)::date
    end
$$;
comment on function ref.parse_date(text) is 'Day/month/year, ISO or 2020-Apr-25 00:00:00. Never month first, never a two-digit year, never a serial number.';

create function ref.parse_number(value text) returns numeric
language sql stable parallel safe as $$
    select case when value ~ '^-?\d+(\.\d+)?$' and length(value) <= 30 then value::numeric end
$$;

create function ref.parse_boolean(value text) returns boolean
language sql stable parallel safe as $$
    select case lower(value) when 'true' then true when 't' then true when 'y' then true when 'yes' then true when '1' then true
        when 'false' then false when 'f' then false when 'n' then false when 'no' then false when '0' then false end
$$;

create function ref.parse_money(value text) returns numeric
language sql stable parallel safe as $$
    select case
        when value ~ '^-?£?(\d{1,3}(,\d{3}){1,3}|\d{1,12})(\.\d{1,2})?$' then replace(replace(value, ',', ''), '£', '')::numeric(14, 2)
        when value ~ '^£?(\d{1,3}(,\d{3}){1,3}|\d{1,12})(\.\d{1,2})?-$' then -replace(replace(rtrim(value, '-'), ',', ''), '£', '')::numeric(14, 2)
        when value ~ '^\(£?(\d{1,3}(,\d{3}){1,3}|\d{1,12})(\.\d{1,2})?\)$' then -replace(replace(trim(value, '()'), ',', ''), '£', '')::numeric(14, 2)
        when value ~ '^£-(\d{1,3}(,\d{3}){1,3}|\d{1,12})(\.\d{1,2})?$' then replace(replace(value, ',', ''), '£', '')::numeric(14, 2)
    end
$$;
comment on function ref.parse_money(text) is 'Pounds and pence, signed: 1,234.50  £50  (50.00)  50.00-  . A comma is never a decimal sign; at most twelve digits before the point.';

-- PNC id, canonical YYYY/NNNNNNNL. Source: rule and test vectors of hmpps-person-record, domain.md 2.3.
-- Without a slash a year of four digits needs a serial of at least five; a year of two digits up to 35 is 20yy.
-- plpgsql, because a language sql function with a sub-select is not inlined and costs twenty times as much a row.
create function ref.canonical_pnc(value text) returns text
language plpgsql immutable parallel safe as $$
declare
    tidy text := upper(translate(value, E' \t\r\n\u00a0', ''));
    part text[];
begin
    if tidy ~ '^(19|20)\d{2}/\d{7}[A-Z]$' then
        part := array[left(tidy, 4), substr(tidy, 6, 7), right(tidy, 1)];  -- as most come: spares the costlier reading
    elsif tidy ~ '^(19|20)\d{2}(/\d{1,7}|\d{5,7})[A-Z]$' then
        part := regexp_match(tidy, '^(\d{4})/?(\d{1,7})([A-Z])$');
    else
        part := regexp_match(tidy, '^(\d{2})/?(\d{1,7})([A-Z])$');
        part[1] := case when part[1]::int <= 35 then '20' else '19' end || part[1];
    end if;
    part[2] := lpad(part[2], 7, '0');
    if part[3] = substr('ZABCDEFGHJKLMNPQRTUVWXY', ((right(part[1], 2) || part[2])::bigint % 23)::int + 1, 1) then
        return part[1] || '/' || part[2] || part[3];
    end if;
    return null;
end
$$;
comment on function ref.canonical_pnc(text) is 'PNC id as YYYY/NNNNNNNL, or null when it cannot be one. Vectors: domain.md 2.3.';

-- UPN: the letter is the sum of digits times their place (2 to 13) modulo 23; the last place may hold a letter.
-- One expression without a sub-select, so that it is inlined. Source: domain.md 2.5.
create function ref.is_valid_upn(value text) returns boolean
language sql immutable parallel safe as $$
    select value ~ '^[A-HJ-NP-RT-Z]\d{11}[\dA-HJ-NP-RT-Z]$'
        and left(value, 1) = substr('ABCDEFGHJKLMNPQRTUVWXYZ', 1 + (
            2 * strpos('123456789', substr(value, 2, 1)) + 3 * strpos('123456789', substr(value, 3, 1))
            + 4 * strpos('123456789', substr(value, 4, 1)) + 5 * strpos('123456789', substr(value, 5, 1))
            + 6 * strpos('123456789', substr(value, 6, 1)) + 7 * strpos('123456789', substr(value, 7, 1))
            + 8 * strpos('123456789', substr(value, 8, 1)) + 9 * strpos('123456789', substr(value, 9, 1))
            + 10 * strpos('123456789', substr(value, 10, 1)) + 11 * strpos('123456789', substr(value, 11, 1))
            + 12 * strpos('123456789', substr(value, 12, 1))
            + 13 * (strpos('123456789', substr(value, 13, 1)) + greatest(strpos('ABCDEFGHJKLMNPQRTUVWXYZ', substr(value, 13, 1)) - 1, 0))
        ) % 23, 1)
$$;
comment on function ref.is_valid_upn(text) is 'Whether the check letter of a unique pupil number fits; temporary numbers end in a letter.';

grant execute on all functions in schema ref to public;

-- ---------------------------------------------------------------- first loads
-- Loading an empty table with its keys and indexes in place takes many times as long as adding them afterwards. Publisher and loader own no table, so these two functions do it for them: only permanent tables and
-- raw, only while empty, and only what was there before. Both run inside one transaction, the publication's or the load's.

create table ops.first_load (
    step bigint generated always as identity primary key,
    rank integer not null,         -- primary keys before indexes before foreign keys
    statement text not null
);
comment on table ops.first_load is 'Keys, indexes and foreign keys put aside within a publication or a load; empty outside of one.';

create function ops.prepare_first_load(target regclass) returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    is_filled boolean;
    part record;
begin
    if not exists (
        select from ops.permanent_table as t
        inner join pg_class as c on c.relname = t.table_name
        inner join pg_namespace as n on n.oid = c.relnamespace and n.nspname = t.schema_name
        where c.oid = target
    ) and not exists (select from pg_class where oid = target and relnamespace = 'raw'::regnamespace) then
        raise exception '% is not a permanent table', target;
    end if;
    execute format('select exists (select from %s)', target) into is_filled;
    if is_filled then
        return false;
    end if;
    for part in
        select i.indexrelid::regclass as name, pg_get_indexdef(i.indexrelid) as definition
        from pg_index as i
        where i.indrelid = target and not exists (select from pg_constraint as c where c.conindid = i.indexrelid and c.contype in ('p', 'u', 'x'))
        order by i.indexrelid
    loop
        insert into ops.first_load (rank, statement) values (1, part.definition);
        execute format('drop index %s', part.name);
    end loop;
    for part in
        select conname, pg_get_constraintdef(oid) as definition, case contype when 'p' then 0 else 2 end as rank
        from pg_constraint
        where conrelid = target
            and (contype = 'f' or contype = 'p' and not exists (select from pg_constraint as f where f.confrelid = target))
        order by oid
    loop
        insert into ops.first_load (rank, statement)
        values (part.rank, format('alter table %s add constraint %I %s', target, part.conname, part.definition));
        execute format('alter table %s drop constraint %I', target, part.conname);
    end loop;
    return true;
end
$$;

create function ops.finish_first_load() returns void
language plpgsql security definer
set search_path = pg_catalog, pg_temp set maintenance_work_mem = '256MB' as $$
declare
    part record;
begin
    for part in select statement from ops.first_load order by rank, step loop
        execute part.statement;
    end loop;
    delete from ops.first_load;
end
$$;

create function ops.refuse_unfinished_first_load() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    if exists (select from ops.first_load) then
        raise exception 'a first load was not finished: its foreign keys would be lost';
    end if;
    return null;
end
$$;
create constraint trigger first_load_is_finished after insert on ops.first_load
deferrable initially deferred for each row execute function ops.refuse_unfinished_first_load();

revoke all on function ops.prepare_first_load(regclass), ops.finish_first_load(), ops.refuse_unfinished_first_load() from public;
grant execute on function ops.prepare_first_load(regclass), ops.finish_first_load() to yos_publisher, yos_loader;

-- ---------------------------------------------------------------- who may do what

grant select, insert, update on ops.run to yos_loader, yos_identity, yos_transformer, yos_publisher;
grant select, insert on ops.drop, ops.load, ops.load_entity to yos_loader;
grant select, insert on ops.check_result, ops.model_run to yos_loader, yos_transformer, yos_publisher, yos_identity;
grant select on ops.drop, ops.load, ops.load_entity, ops.check_result, ops.model_run, ops.publication_hold to yos_identity, yos_transformer, yos_publisher;
grant select, insert, update on ops.incident, ops.outbox to yos_publisher;
grant select, insert on ops.change_log, marts.publication to yos_publisher;
grant usage on sequence marts.publication_publication_id_seq to yos_publisher;
grant select, insert, update, delete on ops.build, ops.publication_hold to yos_publisher;
grant select on ops.change_log, ops.build, ops.incident, ops.outbox to yos_transformer;
grant select on all tables in schema ops to yos_auditor;
grant select on marts.publication to yos_transformer, yos_analyst, yos_finance, yos_practitioner, yos_auditor;
grant select, insert, update on identity.person, identity.person_link, identity.record_key to yos_identity;
grant select on identity.person_key_map, identity.record_key_map to yos_transformer;
grant select on ops.permanent_table to yos_publisher, yos_transformer;
-- A step that is run again within its run replaces what it said the first time.
grant update, delete on ops.model_run, ops.check_result to yos_transformer;
grant select, insert, delete on ops.built_table to yos_transformer;
grant select on ops.built_table to yos_publisher;
grant select on ops.migration to yos_loader, yos_identity, yos_transformer, yos_publisher;
