-- The education early warning: its list behind a logged look, its counts for the mail to each team's manager.
-- Runs as role yos_owner, after the migration that makes restricted.eet_attention.

-- ---------------------------------------------------------------- looking, each time with a purpose

alter table restricted.access_log drop constraint access_log_what_check;
alter table restricted.access_log add constraint access_log_what_check
check (what in ('explain', 'tracker', 'tracker_reoffence', 'restatement', 'eet_attention'));
alter table restricted.access_log add column if not exists team_code text;
comment on table restricted.access_log is 'Every look at records of children behind a figure, on the tracker or on the education list: who, when, why, how many rows.';
comment on column restricted.access_log.what is 'explain, tracker, tracker_reoffence, restatement or eet_attention';
comment on column restricted.access_log.team_code is 'The team whose children were shown; null when all teams were';

-- As in 0005, and with the team.
drop function if exists restricted.log_access(text, text, text, text, date, text, text, bigint);
create or replace function restricted.log_access(
    what text, indicator_id text, variant_code text, period_code text, as_at date, purpose text, asked_by text, rows_returned bigint,
    team_code text default null
) returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
    number bigint;
begin
    insert into restricted.access_log as log (
        asked_by, what, indicator_id, variant_code, period_code, as_at, purpose, rows_returned, team_code
    )
    values (asked_by, what, indicator_id, variant_code, period_code, as_at, purpose, rows_returned, team_code)
    returning log.access_id into number;
    raise log 'yos access %: % saw % rows of %', number, session_user, rows_returned, what;
end
$$;

-- Children in the care of a team (null: of all) whose education needs a look, with names. Logged.
create or replace function restricted.read_eet_attention(team text, purpose text, asked_by text)
returns setof restricted.eet_attention
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    how_many bigint;
begin
    perform restricted.demand_purpose(purpose, asked_by);
    -- children without a team are a team of their own
    if team <> 'NOT_KNOWN' and not exists (
        select from marts.dim_geography as g where g.team_code = team and g.geography_key not in ('-1', '-2')
    ) then
        raise exception 'TEAM: there is no such team' using errcode = 'YOS02', hint = (
            select 'choose one of: ' || string_agg(distinct g.team_code, ', ' order by g.team_code)
            from marts.dim_geography as g where g.geography_key not in ('-1', '-2')
        );
    end if;
    return query
    select * from restricted.eet_attention as a
    where a.team_code = team or team is null
    order by a.attention_code, a.due_date, a.family_name, a.given_name, a.case_reference, a.person_key, a.subject_key, a.attention_number;
    get diagnostics how_many = row_count;
    perform restricted.log_access(
        'eet_attention', null, null, null, restricted.shown_day(), purpose, asked_by, how_many, team
    );
end
$$;

-- ---------------------------------------------------------------- telling the managers

create or replace view restricted.eet_attention_count as
select team_code, attention_code, count(distinct person_key) as children
from restricted.eet_attention
group by team_code, attention_code;
comment on view restricted.eet_attention_count is 'How many children of each team are on the education list, by reason; what the mail to the team''s manager is made of. A child with two reasons is in both.';
comment on column restricted.eet_attention_count.children is 'Children, unrounded: 1 to 4 leave as "fewer than 5"';

-- ---------------------------------------------------------------- who may do what

revoke all on function
    restricted.log_access(text, text, text, text, date, text, text, bigint, text), restricted.read_eet_attention(text, text, text)
from public;
grant execute on function restricted.read_eet_attention(text, text, text) to yos_practitioner;
grant select on restricted.eet_attention_count to yos_publisher;
