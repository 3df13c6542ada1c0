-- Census returns restate their own term: record ids begin with it, and a return of one term no longer closes what
-- another term's said. Runs as role yos_owner; a new warehouse has nothing to change.

create function pg_temp.term(day date) returns text language sql as $$
    select date_part('year', day) || '_' || 1 + (date_part('month', day)::integer - 1) / 4
$$;

do $$
declare
    entity_name text;
begin
    for entity_name in
        select substr(c.relname, length('education__') + 1)
        from pg_class as c
        where c.relnamespace = 'raw'::regnamespace and c.relkind = 'r' and c.relname like 'education\_\_census\_%'
    loop
        execute format(
            $sql$
            -- under the new names two terms may be current at once: the old ones are told apart first
            update raw.%1$I set record_id = pg_temp.term(business_date) || '|' || record_id
            where record_id !~ '^\d{4}_[123]\|'
            $sql$,
            'education__' || entity_name
        );
        -- closed by another term's return, and by nothing of its own
        execute format(
            $sql$
            update raw.%1$I as v set recorded_to = null
            where v.recorded_to > v.recorded_from
                and not exists (
                    select from raw.%1$I as n
                    where n.record_id = v.record_id and n.service_code = v.service_code
                        and n.recorded_from >= v.recorded_to
                )
                and not exists (
                    select from ops.drop as d
                    where d.feed = 'education' and d.service_code = v.service_code and d.received_at = v.recorded_to
                        and pg_temp.term(d.business_date) = pg_temp.term(v.business_date)
                )
            $sql$,
            'education__' || entity_name
        );
        execute format(
            $sql$
            update quarantine.%1$I as q set record_id = pg_temp.term(d.business_date) || '|' || q.record_id
            from ops.load as l, ops.drop as d
            where q.load_id = l.load_id and l.drop_id = d.drop_id and q.record_id !~ '^\d{4}_[123]\|'
            $sql$,
            'education__' || entity_name
        );
        execute format(
            $sql$
            with linked as (
                delete from identity.person_link
                where feed = 'education' and entity = %2$L and source_id !~ '^\d{4}_[123]\|'
                returning *
            )
            insert into identity.person_link (service_code, feed, entity, source_id, person_key, method, since, until)
            select distinct on (l.service_code, v.record_id, l.since)
                l.service_code, l.feed, l.entity, v.record_id, l.person_key, l.method,
                greatest(l.since, min(v.recorded_from) over (partition by v.service_code, v.record_id)), l.until
            from linked as l
            inner join raw.%1$I as v
                on v.service_code = l.service_code and substr(v.record_id, 8) = l.source_id
            order by l.service_code, v.record_id, l.since
            $sql$,
            'education__' || entity_name, entity_name
        );
    end loop;
end
$$;
