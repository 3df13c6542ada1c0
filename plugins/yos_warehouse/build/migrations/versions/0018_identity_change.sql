-- The change report: figures with the keys of before a night beside those of after it.
-- Runs as role yos_owner.

create table identity.key_before (
    run_id bigint not null references ops.run,
    service_code text not null,
    feed text not null,
    entity text not null,
    source_id text not null,
    person_key bigint not null references identity.person,
    primary key (run_id, service_code, feed, entity, source_id)
);
comment on table identity.key_before is 'Which key each record had when the last run that moved any began.';

-- As in 0001; a session that sets yos.keys_before_run sees records under the keys they had before that run.
create or replace view identity.person_key_map as
select l.service_code, l.feed, l.entity, l.source_id, coalesce(b.person_key, l.person_key) as person_key, l.since, l.until
from identity.person_link as l
left join identity.key_before as b
    on b.run_id = nullif(current_setting('yos.keys_before_run', true), '')::bigint
    and b.service_code = l.service_code and b.feed = l.feed and b.entity = l.entity and b.source_id = l.source_id;

create view identity.keys_moved as
select run_id, count(*)::integer as records from identity.key_before group by run_id;
comment on view identity.keys_moved is 'How many records the last run that moved any took to another key.';

-- Which keys a run brought together or parted: keys alone, and none of a protected identity.
create function restricted.list_key_changes(of_run bigint)
returns table (kind text, person_key bigint, other_key bigint, records integer)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select e.kind, e.person_key, e.other_key, e.records
    from identity.person_event as e
    where e.run_id = of_run and not exists (
        select from identity.person_link as l
        inner join identity.record as r using (service_code, feed, entity, source_id)
        inner join identity.description as d using (description_id)
        where l.person_key in (e.person_key, e.other_key) and d.is_protected
    )
    order by e.event_id
$$;

revoke all on function restricted.list_key_changes(bigint) from public;
grant execute on function restricted.list_key_changes(bigint) to yos_practitioner;
grant select, insert, delete on identity.key_before to yos_identity;
grant select on identity.keys_moved to yos_transformer;
grant select, insert, delete on ops.identity_change to yos_transformer;
revoke insert, update, delete on ops.identity_change from yos_publisher;
