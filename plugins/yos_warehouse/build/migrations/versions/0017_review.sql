-- Questions about identity: shown to practitioners through functions that log each look, counted for those who tell of them.
-- Runs as role yos_owner. Protected identities are for the named person alone, who asks through role identity.

-- ---------------------------------------------------------------- decisions, by the clock

-- decided_at is the moment from which a decision counts; a warehouse that stands still at a past day gives a past one.
alter table identity.override add column recorded_at timestamptz not null default clock_timestamp(),
add column revoke_recorded_at timestamptz, add column is_about_protected boolean not null default false;
comment on column identity.override.recorded_at is 'When it was written down, by the clock';
comment on column identity.override.revoke_recorded_at is 'When its revocation was written down, by the clock';
comment on column identity.override.is_about_protected is 'It answers a question for the named person, and is shown to nobody else';

create function identity.stamp_decision() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    if tg_op = 'UPDATE' then
        new.revoke_recorded_at := clock_timestamp();
        return new;
    end if;
    new.recorded_at := clock_timestamp();
    new.is_about_protected := exists (
        select from identity.review as r
        inner join identity.record as one on one.description_id in (r.a, r.b)
        inner join identity.record as other on other.description_id in (r.a, r.b) and other.description_id <> one.description_id
        where r.why = 'PROTECTED'
            and (one.service_code, one.feed, one.entity, one.source_id)
            = (new.service_code, new.feed_a, new.entity_a, new.source_id_a)
            and (other.service_code, other.feed, other.entity, other.source_id)
            = (new.service_code, new.feed_b, new.entity_b, new.source_id_b)
    );
    return new;
end
$$;
create trigger stamped before insert or update on identity.override for each row execute function identity.stamp_decision();

-- ---------------------------------------------------------------- looking, each time with a purpose

alter table restricted.access_log drop constraint access_log_what_check;
alter table restricted.access_log add constraint access_log_what_check
check (what in ('explain', 'tracker', 'tracker_reoffence', 'restatement', 'eet_attention', 'review', 'protected_review'));
alter table restricted.access_log add column review_id bigint;
comment on table restricted.access_log is 'Every look at records of children behind a figure, on the tracker, on the education list or in a question about identity: who, when, why, how many rows.';
comment on column restricted.access_log.what is 'explain, tracker, tracker_reoffence, restatement, eet_attention, review or protected_review';
comment on column restricted.access_log.review_id is 'The question that was shown';

-- Questions that wait, protected ones by themselves: a pair that is in both lists is shown to the named person alone.
create view identity.waiting as
select
    r.review_id, r.a, r.b, r.weight, r.evidence, r.why, r.since,
    r.why = 'PROTECTED' or exists (
        select from identity.review as p where p.until is null and p.why = 'PROTECTED' and p.a = r.a and p.b = r.b
    ) as is_protected,
    (select max(d.moment) from identity.day as d)::date - r.since::date as age_days
from identity.review as r
where r.until is null;
comment on view identity.waiting is 'Questions that wait, their age in days of knowledge, and whether they are for the named person alone.';

-- Who may see protected ones: the named person asks through the role of the identity step, which no report tool has.
create function restricted.demand_named_person() returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
    if session_user <> 'yos_identity' then
        raise exception 'PROTECTED: questions of protected identities are for the named person'
            using errcode = 'YOS01', hint = 'ask the person named in the service''s file';
    end if;
end
$$;

-- Nothing here tells of a child, so no purpose is asked.
create function restricted.list_reviews(protected_ones boolean default false)
returns table (review_id bigint, why text, weight numeric, age_days integer, feeds_a text, feeds_b text)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
    if protected_ones then
        perform restricted.demand_named_person();
    end if;
    return query
    with feeds as (
        select rec.description_id, string_agg(distinct rec.feed, ', ' order by rec.feed) as feeds
        from identity.record as rec
        group by rec.description_id
    )

    select w.review_id, w.why, w.weight, w.age_days, a.feeds, b.feeds
    from identity.waiting as w
    left join feeds as a on a.description_id = w.a
    left join feeds as b on b.description_id = w.b
    where w.is_protected = protected_ones
    order by w.weight desc nulls last, w.age_days, w.review_id;
end
$$;

-- Decisions that hold: who took them and when, about records of which feeds.
create function restricted.list_decisions(protected_ones boolean default false)
returns table (override_id bigint, verdict text, decided_by text, decided_at timestamptz, feed_a text, feed_b text)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
    if protected_ones then
        perform restricted.demand_named_person();
    end if;
    return query
    select o.override_id, o.verdict, o.decided_by, o.decided_at, o.feed_a, o.feed_b
    from identity.override as o
    where o.revoked_at is null and o.is_about_protected = protected_ones
    order by o.override_id desc;
end
$$;

-- Both descriptions of a question, and of each the best other candidate, with names. Logged.
create function restricted.read_review(number bigint, purpose text, asked_by text, protected_ones boolean default false)
returns table (
    side text, why text, pair_weight numeric, evidence jsonb, age_days integer, person_key bigint, records text[],
    description identity.description
)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
    question identity.waiting;
    how_many bigint;
    look bigint;
begin
    perform restricted.demand_purpose(purpose, asked_by);
    if protected_ones then
        perform restricted.demand_named_person();
    end if;
    select w.* into question from identity.waiting as w where w.review_id = number and w.is_protected = protected_ones;
    if question.review_id is null then
        raise exception 'REVIEW: there is no such question that waits' using errcode = 'YOS02', hint = 'choose one of: yos review list';
    end if;
    return query
    with sides as (
        select 'a' as side, question.a as id, question.weight as weight
        union all
        select 'b', question.b, question.weight
    ),

    -- another person's description; across a protected identity none is named
    others as (
        select 'other_' || s.side as side, case when p.a = s.id then p.b else p.a end as id, p.weight, s.id as of_id
        from sides as s inner join identity.pair as p on s.id in (p.a, p.b)
    ),

    ranked as (
        select o.*, row_number() over (partition by o.side order by o.weight desc, o.id) as place
        from others as o
        inner join identity.description as d on d.description_id = o.id
        inner join identity.description as mine on mine.description_id = o.of_id
        where o.id not in (question.a, question.b)
            and (protected_ones or d.is_protected is not true and mine.is_protected is not true)
            and not exists (
                select from identity.review as p
                where p.until is null and p.why = 'PROTECTED' and not protected_ones
                    and (least(o.id, o.of_id), greatest(o.id, o.of_id)) = (p.a, p.b)
            )
            and not exists (
                select from identity.record as ours
                inner join identity.person_link as our_link using (service_code, feed, entity, source_id)
                inner join identity.person_link as their_link using (person_key)
                inner join identity.record as theirs on (
                    (theirs.service_code, theirs.feed, theirs.entity, theirs.source_id)
                    = (their_link.service_code, their_link.feed, their_link.entity, their_link.source_id)
                )
                where ours.description_id in (question.a, question.b) and theirs.description_id = o.id
                    and our_link.until is null and their_link.until is null
            )
    ),

    shown as (
        select s.side, s.id, s.weight from sides as s
        union all
        select r.side, r.id, r.weight from ranked as r where r.place = 1
    )

    select
        s.side, question.why, s.weight, question.evidence, question.age_days,
        (
            select min(link.person_key)
            from identity.record as rec inner join identity.person_link as link using (service_code, feed, entity, source_id)
            where rec.description_id = s.id and link.until is null
        ),
        (
            select array_agg(concat_ws(' ', rec.feed, rec.entity, rec.source_id) order by rec.feed, rec.entity, rec.source_id)
            from identity.record as rec where rec.description_id = s.id
        ),
        d
    from shown as s inner join identity.description as d on d.description_id = s.id
    order by s.side;
    get diagnostics how_many = row_count;
    -- as restricted.log_access, with the question
    insert into restricted.access_log as log (asked_by, what, as_at, purpose, rows_returned, review_id)
    select
        asked_by, case when protected_ones then 'protected_review' else 'review' end,
        (select (max(d.moment) at time zone 'Europe/London')::date from identity.day as d), purpose, how_many, number
    returning log.access_id into look;
    raise log 'yos access %: % saw % rows of review', look, session_user, how_many;
end
$$;

-- ---------------------------------------------------------------- telling how many

create view ops.review_queue as
select count(*)::integer as questions, coalesce(max(age_days), 0) as oldest_days from identity.waiting where not is_protected;
comment on view ops.review_queue is 'How many questions about identity wait, and for how many days the oldest; those of protected identities are not counted.';

create view ops.identity_decision as
select recorded_at, verdict as what from identity.override where not is_about_protected
union all
select revoke_recorded_at, 'revoked' from identity.override where not is_about_protected and revoked_at is not null;
comment on view ops.identity_decision is 'When a decision about identity was taken or taken back: same, different or revoked. About whom, and by whom, is not said.';

create view restricted.protected_queue as
select count(*)::integer as questions, coalesce(max(age_days), 0) as oldest_days from identity.waiting where is_protected;
comment on view restricted.protected_queue is 'How many questions wait for the named person; what the mail to her or him is made of.';

-- ---------------------------------------------------------------- who may do what

revoke all on function
    identity.stamp_decision(), restricted.demand_named_person(), restricted.list_reviews(boolean), restricted.list_decisions(boolean),
    restricted.read_review(bigint, text, text, boolean)
from public;
grant usage on schema restricted to yos_identity;
grant select on identity.waiting to yos_identity;
grant execute on function
    restricted.list_reviews(boolean), restricted.list_decisions(boolean), restricted.read_review(bigint, text, text, boolean)
to yos_practitioner, yos_identity;
grant select on ops.review_queue to yos_identity;
grant select on ops.review_queue, ops.identity_decision to yos_publisher, yos_auditor;
grant select on restricted.protected_queue to yos_publisher;
