-- Who is who: persons with keys that look random, evidence of links, decisions, the queue, and what became of keys.
-- Runs as role yos_owner. All of identity is closed: the identity step writes it, later layers see the two views of keys alone.

-- ---------------------------------------------------------------- persons

-- Keys are minted as a permutation of the number (identity/keys.py): a child's key tells nothing of when it became known, and a night
-- that crashed and ran again still gives the same keys (docs/decisions/0006). Keys given before stay as they are.
create table identity.key_secret (
    is_the_one boolean primary key default true check (is_the_one),
    secret text not null,
    keys_above bigint not null
);
insert into identity.key_secret (secret, keys_above)
select replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', ''), greatest(max(person_key), 0) from identity.person;
comment on table identity.key_secret is 'What turns a person''s number into its key. Lost, keys stay as they are and new ones may meet them: it is in the backup.';
comment on column identity.key_secret.keys_above is 'Keys up to this one were counted; new ones lie above it';

alter table identity.person alter column person_key drop identity;
alter table identity.person add column number bigint, add column since timestamptz,
add column merged_into bigint references identity.person, add column retired_at timestamptz;
update identity.person set number = person_key;
update identity.person as p set since = l.since
from (select person_key, min(since) as since from identity.person_link group by person_key) as l
where l.person_key = p.person_key;
alter table identity.person alter column number set not null, add unique (number);
create index on identity.person (merged_into) where merged_into is not null;
comment on column identity.person.person_key is 'The child''s key: no meaning, never given twice';
comment on column identity.person.number is 'Order in which keys were minted';
comment on column identity.person.minted_run_id is 'The run that minted it';
comment on column identity.person.since is 'The day of knowledge on which the child became known';
comment on column identity.person.merged_into is 'The key under which its records went on; null while it is in use';
comment on column identity.person.retired_at is 'Since when no record is under this key';

create table identity.person_event (
    event_id bigint generated always as identity primary key,
    kind text not null check (kind in ('merge', 'split', 'revive', 'move')),
    at timestamptz not null,
    run_id bigint references ops.run,
    person_key bigint not null references identity.person,
    other_key bigint references identity.person,
    records integer not null,
    reason text not null
);
create index on identity.person_event (person_key);
create index on identity.person_event (other_key);
comment on table identity.person_event is 'What became of keys: records that were under other_key are under person_key since. A merge retires other_key, a split mints person_key, a revival gives a retired one back, a move does neither.';
comment on column identity.person_event.at is 'The moment of knowledge it follows from, not the clock';
comment on column identity.person_event.records is 'How many records went over';
comment on column identity.person_event.reason is 'How they came in: method of the links';

-- ---------------------------------------------------------------- links

alter table identity.person_link drop constraint person_link_method_check;
alter table identity.person_link add constraint person_link_method_check check (
    method in ('source_id', 'pnc_id', 'upn', 'name_and_birth', 'new', 'identifier', 'matching', 'attached', 'decision')
);
alter table identity.person_link add column weight numeric(6, 2), add column evidence jsonb,
add column event_id bigint references identity.person_event;
create index on identity.person_link (event_id) where event_id is not null;
comment on table identity.person_link is 'Which person each source record belongs to, and since and until when that was believed.';
comment on column identity.person_link.method is 'identifier, matching (by weight), attached (middle weight, one candidate), decision, new; source_id, pnc_id, upn and name_and_birth are of the first version';
comment on column identity.person_link.weight is 'Match weight of the best tie into the person; null where none was needed';
comment on column identity.person_link.evidence is 'Comparison to [level, weight]; no values';
comment on column identity.person_link.event_id is 'The merge, split or revival that brought it here; null when it came by itself';
comment on column identity.person_link.since is 'The moment of knowledge it follows from, not the clock';

create table identity.person_identifier (
    person_key bigint not null references identity.person,
    issuer text not null check (issuer in ('PNC', 'ASN', 'UPN', 'ULN', 'NHS', 'CASE_SYSTEM', 'EDUCATION')),
    value text not null,
    valid_from date not null,
    valid_to date,
    load_id bigint,
    since timestamptz not null,
    until timestamptz,
    primary key (person_key, issuer, value, since)
);
create index on identity.person_identifier (issuer, value);
comment on table identity.person_identifier is 'Every identifier of a person, and since and until when it was believed to be hers or his.';
comment on column identity.person_identifier.valid_from is 'First day on which a record had it';
comment on column identity.person_identifier.valid_to is 'Day from which no record has it';
comment on column identity.person_identifier.load_id is 'Load that brought it first';

create table identity.person_name (
    person_key bigint not null references identity.person,
    given_name text not null,
    family_name text not null,
    valid_from date not null,
    valid_to date,
    load_id bigint,
    since timestamptz not null,
    until timestamptz,
    primary key (person_key, given_name, family_name, since)
);
create index on identity.person_name (family_name, given_name);
comment on table identity.person_name is 'Every name and alias of a person as records give it; an empty text where a record has none. Otherwise as person_identifier.';

-- ---------------------------------------------------------------- what was compared

create table identity.description (
    description_id text primary key,
    given_name text,
    family_name text,
    date_of_birth date,
    sex text,
    postcode text,
    street text,
    school text,
    pnc_id text,
    asn text,
    upn text,
    former_upn text,
    uln text,
    nhs_number text,
    own_id text,
    is_protected boolean
);
comment on table identity.description is 'What records say of a child, each wording once: what is compared. As of the last day identified; description_id is the hash of the rest.';
comment on column identity.description.is_protected is 'A protected identity; null where the source cannot know';

create table identity.record (
    service_code text not null,
    feed text not null,
    entity text not null,
    source_id text not null,
    description_id text not null references identity.description,
    recorded_from timestamptz not null,
    load_id bigint,
    primary key (service_code, feed, entity, source_id)
);
create index on identity.record (description_id);
comment on table identity.record is 'Records of persons that were current at the end of the last day identified, and how each describes its child.';

create table identity.pair (
    a text not null,
    b text not null,
    weight numeric(6, 2) not null,
    evidence jsonb not null,
    model text not null,
    primary key (a, b),
    check (a < b)
);
create index on identity.pair (b);
comment on table identity.pair is 'Two descriptions that were compared and are alike enough to matter. Evidence: comparison to [level, weight]; no values.';

create table identity.day (
    day_end timestamptz primary key,
    moment timestamptz not null,
    changes bigint not null,
    run_id bigint references ops.run
);
comment on table identity.day is 'Days that were identified: one row per day on which records or decisions changed. Another number of changes means that something came late, and the days from there on are identified anew.';

create table identity.model_in_use (
    model text not null,
    since timestamptz primary key default clock_timestamp()
);
comment on table identity.model_in_use is 'Which weights were in use since when; a new one compares everything anew.';

-- ---------------------------------------------------------------- people decide

create table identity.override (
    override_id bigint generated always as identity primary key,
    service_code text not null,
    feed_a text not null,
    entity_a text not null,
    source_id_a text not null,
    feed_b text not null,
    entity_b text not null,
    source_id_b text not null,
    verdict text not null check (verdict in ('same', 'different')),
    decided_by text not null check (length(btrim(decided_by)) between 1 and 200),
    reason text not null check (length(btrim(reason)) between 10 and 500),
    decided_at timestamptz not null,
    revoked_by text check (length(btrim(revoked_by)) between 1 and 200),
    revoked_reason text check (length(btrim(revoked_reason)) between 10 and 500),
    revoked_at timestamptz check (revoked_at >= decided_at),
    check ((revoked_at is null) = (revoked_by is null) and (revoked_at is null) = (revoked_reason is null)),
    check ((feed_a, entity_a, source_id_a) <> (feed_b, entity_b, source_id_b))
);
comment on table identity.override is 'What a person decided of two records: the same child or different ones. Outranks every other evidence from decided_at until revoked_at; no row is ever deleted.';

create table identity.review (
    review_id bigint generated always as identity primary key,
    a text not null,
    b text not null,
    weight numeric(6, 2),
    evidence jsonb,
    why text not null check (
        why in (
            'MIDDLE_WEIGHT', 'SEVERAL_CANDIDATES', 'CONFLICTING_PNC', 'SHARED_IDENTIFIER', 'CANNOT_LINK_INSIDE', 'PROTECTED'
        )
    ),
    since timestamptz not null,
    until timestamptz,
    outcome text check (outcome in ('SAME', 'DIFFERENT', 'SETTLED')),
    check ((until is null) = (outcome is null))
);
create unique index on identity.review (a, b, why) where until is null;
create index on identity.review (b) where until is null;
comment on table identity.review is 'Pairs of descriptions that a person has to judge. PROTECTED ones are for the person named in the service''s file alone.';
comment on column identity.review.until is 'Since when it need not be judged; null while it waits';
comment on column identity.review.outcome is 'SAME or DIFFERENT: somebody decided; SETTLED: records changed so that the question is gone';

-- ---------------------------------------------------------------- told to ops: counts and figures, nobody's data

create table ops.combination_log (
    combination_id bigint generated always as identity primary key,
    logged_at timestamptz not null default clock_timestamp(),
    role_name text not null default session_user,
    run_id bigint references ops.run,
    moment timestamptz not null,
    records_linked bigint not null,
    persons_merged bigint not null,
    persons_split bigint not null,
    decisions bigint not null
);
comment on table ops.combination_log is 'Every time records of children were combined (DPA 2018 s.62): when, by which run, how many. Who decided is in identity.override, which keys in identity.person_event.';
comment on column ops.combination_log.moment is 'The moment of knowledge they were combined for';
comment on column ops.combination_log.decisions is 'Decisions of people that were taken or revoked that day';
create trigger only_added_to before update or delete or truncate on ops.combination_log for each statement execute function ops.refuse_change();
alter table ops.combination_log enable always trigger only_added_to;

create table ops.identity_measure (
    run_id bigint not null references ops.run,
    measure text not null,
    feed text not null default '',
    value numeric,
    primary key (run_id, measure, feed)
);
comment on table ops.identity_measure is 'How well children were recognised in each run: match rates by feed, queue, sizes of clusters, cost; on fictional data precision and recall.';

create table ops.identity_change (
    run_id bigint not null references ops.run,
    indicator_code text not null,
    period_code text not null,
    variant_code text not null,
    numerator_before numeric,
    numerator_after numeric,
    denominator_before numeric,
    denominator_after numeric,
    value_before numeric,
    value_after numeric,
    primary key (run_id, indicator_code, period_code, variant_code)
);
comment on table ops.identity_change is 'What recognising children did to published figures: each figure as it would be with the keys of before, and as it is.';

-- ---------------------------------------------------------------- who may do what

grant select on identity.key_secret to yos_identity;
grant select, insert, update, delete, maintain on
identity.person_link, identity.person_event, identity.person_identifier, identity.person_name, identity.description, identity.record,
identity.pair, identity.day, identity.review
to yos_identity;
grant select, insert on identity.model_in_use, identity.override to yos_identity;
grant update (revoked_by, revoked_reason, revoked_at) on identity.override to yos_identity;
grant select, insert on ops.combination_log to yos_identity;
grant select, insert, update, delete on ops.identity_measure to yos_identity;
grant select, insert, update, delete on ops.identity_change to yos_publisher;
grant select on ops.identity_measure to yos_publisher;
grant select on ops.combination_log, ops.identity_measure, ops.identity_change to yos_auditor;
