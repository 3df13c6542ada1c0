-- Data quality that people act on: who was told when, what was let in again, which figures a delivery is good enough for.
-- Runs as role yos_owner.

-- ---------------------------------------------------------------- incidents and mails

alter table ops.incident
    add column priority text not null default 'P3' check (priority in ('P1', 'P2', 'P3')),
    add column acknowledged_at timestamptz,
    add column acknowledged_by text,
    add column told_at timestamptz,          -- its mail lay in the outbox
    add column reminded_at timestamptz,
    add column recovery_told_at timestamptz;
comment on table ops.incident is 'What is wrong, whose it is, since when. P1 and P2 are told by a mail of their own, P3 by the digest.';

alter table ops.outbox
    add column html text,                    -- the same as body, to look at
    add column kind text not null default 'digest',
    add column incident_id bigint references ops.incident;
comment on column ops.outbox.kind is 'digest, weekly, incident, reminder, recovery, early_warning, protected';

alter table ops.run add column told_at timestamptz;
update ops.run set told_at = coalesce(finished_at, started_at);
comment on column ops.run.told_at is 'When the step tell had looked at what the run found; a later run looks at what was left.';

create table ops.heartbeat (
    component text primary key,              -- who gave a sign of life: sender, watch
    beat_at timestamptz not null
);
comment on table ops.heartbeat is 'Signs of life of what sends mails and of what watches that nights happen.';
grant select, insert, update on ops.heartbeat to yos_publisher;
grant select on ops.heartbeat to yos_auditor;

-- ---------------------------------------------------------------- deliveries held, rows let in again

alter table ops.load drop constraint load_state_check;
alter table ops.load add constraint load_state_check check (state in ('accepted', 'rejected', 'kept', 'replayed'));
comment on column ops.load.state is 'accepted; kept: older than what is applied; rejected, whole; replayed: rows held back, judged again and let in.';

create table ops.approval (
    approval_id bigint generated always as identity primary key,
    drop_id bigint not null unique references ops.drop,
    reason text not null check (length(reason) between 10 and 500),
    approved_by text not null,
    approved_at timestamptz not null default now()
);
comment on table ops.approval is 'Deliveries held for their size or their share of bad rows that somebody let through.';
grant select, insert on ops.approval to yos_loader;
grant select on ops.approval to yos_publisher, yos_auditor;

create table ops.replay (
    replay_id bigint generated always as identity primary key,
    load_id bigint not null references ops.load,  -- the load that let the rows in
    entity text not null,
    how text not null check (how in ('replay', 'release')),
    rule_codes text[] not null,              -- released in spite of these; replay: those that had held them
    rows_released bigint not null,
    reason text not null,
    asked_by text not null,
    asked_at timestamptz not null default now()
);
comment on table ops.replay is 'Rows held back that were let in later: judged again by newer checks, or released by a person with a reason.';
grant select, insert on ops.replay to yos_loader;
grant select on ops.replay to yos_publisher, yos_transformer, yos_auditor;

-- A code that no list has may be anything, a name too: the codes themselves stay in a closed zone.
create table quarantine.unknown_code (
    feed text not null,
    entity text not null,
    column_name text not null,
    code text not null,
    first_load_id bigint not null references ops.load,
    rows_in_first_load bigint not null,
    primary key (feed, entity, column_name, code)
);
comment on table quarantine.unknown_code is 'Codes that our lists lack, each once, with the load that first had it.';
grant select, insert on quarantine.unknown_code to yos_loader;

create table ops.new_codes (
    load_id bigint not null references ops.load,
    entity text not null,
    column_name text not null,
    codes integer not null,                  -- how many that no earlier load had
    rows_with_them bigint not null,
    primary key (load_id, entity, column_name)
);
comment on table ops.new_codes is 'How many codes a load brought that our lists lack and no earlier load had; which: quarantine.unknown_code.';
grant select, insert on ops.new_codes to yos_loader;
grant select on ops.new_codes to yos_publisher, yos_auditor;

-- ---------------------------------------------------------------- which figures a delivery is good enough for

create table ops.fitness (
    load_id bigint not null references ops.load,
    measure text not null,                   -- expectations/measures.yml
    grade text not null check (grade in ('good', 'with_care', 'not_good')),
    because text[] not null default '{}',    -- codes of the checks that say so
    rows_harmed bigint not null default 0,
    rows_checked bigint not null default 0,
    primary key (load_id, measure)
);
comment on table ops.fitness is 'How far each delivery is good enough for each measure that reads it.';
grant select, insert, delete on ops.fitness to yos_publisher;
grant select on ops.fitness to yos_auditor, yos_loader, yos_transformer;

alter table marts.publication add column good_enough_for jsonb not null default '{}';
comment on column marts.publication.good_enough_for is 'Per measure: grade (good, with_care, not_good), and the feeds, days and checks that say so.';

-- ---------------------------------------------------------------- trends

alter table ops.model_run add column rows_affected bigint;

-- Per check its life: since when it fails, when last, open or resolved, and its newest counts.
create view ops.rule_state as
with result as (
    select r.rule_code, r.feed, r.entity, r.checked_by, r.family, r.severity, r.owner, r.run_id, r.outcome, r.checked_at,
        coalesce(r.rows_failed, 0) as rows_failed, coalesce(r.rows_checked, 0) as rows_checked
    from ops.check_result as r
),
night as (
    select rule_code, feed, entity, checked_by, max(family) as family, max(severity) as severity, max(owner) as owner, run_id,
        max(checked_at) as checked_at, sum(rows_failed)::bigint as rows_failed, sum(rows_checked)::bigint as rows_checked,
        case when bool_or(outcome = 'error') then 'error' when bool_or(outcome = 'failed') then 'failed' else 'passed' end as outcome
    from result
    group by rule_code, feed, entity, checked_by, run_id
),
ranked as (
    select night.*, row_number() over (partition by rule_code, feed, entity, checked_by order by run_id desc) as newest
    from night
)
select rule_code, feed, entity, checked_by, max(family) as family, max(severity) as severity, max(owner) as owner,
    min(checked_at) filter (where outcome <> 'passed') as first_seen, max(checked_at) filter (where outcome <> 'passed') as last_seen,
    count(*) filter (where outcome <> 'passed') as runs_failed, count(*) as runs,
    max(outcome) filter (where newest = 1) as outcome,
    case when max(outcome) filter (where newest = 1) <> 'passed' then 'open'
        when bool_or(outcome <> 'passed') then 'resolved' else 'never failed' end as state,
    max(rows_failed) filter (where newest = 1) as rows_failed, max(rows_checked) filter (where newest = 1) as rows_checked,
    array_agg(rows_failed order by run_id) filter (where newest <= 14) as trend
from ranked
group by rule_code, feed, entity, checked_by;
comment on view ops.rule_state is 'Per check: first and last seen, open or resolved, the newest counts and those of the last 14 runs that asked.';
grant select on ops.rule_state to yos_publisher, yos_auditor;
