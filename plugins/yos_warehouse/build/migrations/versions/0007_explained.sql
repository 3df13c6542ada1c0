-- Who stands behind each figure, what became of published values, and the functions that show it to practitioners.
-- Runs as role yos_owner.

-- ---------------------------------------------------------------- contributors

-- A figure is the sum over its contributors: children where the indicator counts children, else cases.
create or replace view restricted.figure_contributor as
select distinct on (c.indicator_id, c.variant_code, p.period_code, k.contributor_key)
    c.indicator_id,
    c.variant_code,
    i.version,
    p.period_code,
    k.contributor_key,
    c.case_key,
    c.case_date,
    c.person_key,
    c.case_reference,
    c.geography_key,
    c.fact_key,
    c.fact_date,
    coalesce(max(c.numerator) filter (where c.is_in) over contributor, 0) as numerator,
    coalesce(max(c.denominator) filter (where c.is_in) over contributor, 0) as denominator,
    c.is_in,
    c.reason_code,
    c.service_code
from restricted.figure_case as c
inner join marts.dim_indicator as i using (indicator_id, variant_code)
inner join marts.dim_period as p
    on c.case_date between p.first_day and p.last_day and p.period_kind = any(string_to_array(i.period_kinds, ' '))
cross join lateral (
    select case i.contributor_code when 'CHILD' then c.person_key::text else c.case_key end as contributor_key
) as k
window contributor as (partition by c.indicator_id, c.variant_code, p.period_code, k.contributor_key)
order by
    c.indicator_id, c.variant_code, p.period_code, k.contributor_key,
    c.is_in desc, c.numerator desc nulls last, c.denominator desc nulls last, c.case_date, c.case_key;
comment on view restricted.figure_contributor is 'Who stands behind tonight''s figures of the whole service, by period. A child with several cases is one row: the case that counts most.';

-- ---------------------------------------------------------------- restatements

create or replace view marts.restatement as
select
    v.indicator_id,
    v.variant_code,
    v.version,
    v.period_code,
    v.geography_level,
    v.geography_code,
    v.as_at as published_as_at,
    v.published_at,
    v.publication_id,
    v.numerator as published_numerator,
    v.denominator as published_denominator,
    v.value as published_value,
    shown.as_at as latest_as_at,
    l.numerator as latest_numerator,
    l.denominator as latest_denominator,
    l.value as latest_value,
    l.numerator - v.numerator as numerator_change,
    l.denominator - v.denominator as denominator_change,
    l.value - v.value as value_change,
    v.source_basis,
    v.service_code
from marts.fct_indicator_value as v
inner join marts.dim_indicator as i using (indicator_id, variant_code, version)
inner join marts.fct_indicator_latest as l using (indicator_id, variant_code, period_code, geography_level, geography_code)
cross join (
    select as_at from marts.publication where unit = 'children' order by publication_id desc limit 1
) as shown
where (v.numerator, v.denominator, v.value) is distinct from (l.numerator, l.denominator, l.value);
comment on view marts.restatement is 'Published values that would be another figure today. Grain: one row per value. Rules: same version of the definition; the change of a percentage is in percentage points. Known limits: a value whose period is computed no more is not here; a report of it beside the figures of tonight would tell single children. Example question: what has become of the figures of last autumn?';

-- Which contributors of a value of the whole service are others today; their changes add up to the difference of the figure,
-- which may be none.
create or replace view restricted.restatement_fact as
with restated as (
    select
        v.indicator_id,
        v.variant_code,
        v.version,
        v.period_code,
        l.denominator - v.denominator as denominator_change,
        i.is_per_population,
        v.denominator is null as is_count,
        v.service_code
    from marts.fct_indicator_value as v
    inner join marts.dim_indicator as i using (indicator_id, variant_code, version)
    inner join marts.fct_indicator_latest as l using (indicator_id, variant_code, period_code, geography_level, geography_code)
    where v.geography_level = 'SERVICE'
),
was as (
    select r.is_per_population or r.is_count as has_no_denominator, p.*
    from restated as r inner join restricted.published_case as p using (indicator_id, variant_code, version, period_code)
),
now_is as (
    select r.is_per_population or r.is_count as has_no_denominator, f.*
    from restated as r inner join restricted.figure_contributor as f using (indicator_id, variant_code, version, period_code)
),
compared as (
    select
        indicator_id,
        variant_code,
        version,
        period_code,
        contributor_key,
        case
            when not coalesce(was.is_in, false) then 'ENTERED'
            when not coalesce(now_is.is_in, false) then 'LEFT'
            else 'CHANGED'
        end as change_code,
        coalesce(now_is.person_key, was.person_key) as person_key,
        coalesce(now_is.case_reference, was.case_reference) as case_reference,
        -- what it hangs on: of somebody who left, what had counted
        case when coalesce(now_is.is_in, false) then now_is.fact_key else was.fact_key end as fact_key,
        case when coalesce(now_is.is_in, false) then now_is.fact_date else was.fact_date end as fact_date,
        coalesce(was.reason_code, 'NOT_KNOWN_THEN') as published_reason_code,
        coalesce(now_is.reason_code, 'NOT_KNOWN_NOW') as latest_reason_code,
        coalesce(now_is.numerator, 0) - coalesce(was.numerator, 0) as numerator_change,
        case
            when coalesce(now_is.has_no_denominator, was.has_no_denominator) then 0
            else coalesce(now_is.denominator, 0) - coalesce(was.denominator, 0)
        end as denominator_change,
        coalesce(now_is.service_code, was.service_code) as service_code
    from was full join now_is using (indicator_id, variant_code, version, period_code, contributor_key)
)
select * from compared where numerator_change <> 0 or denominator_change <> 0
union all
select
    indicator_id, variant_code, version, period_code, 'POPULATION', 'POPULATION', null, null, null, null,
    null, null, 0, denominator_change, service_code
from restated where is_per_population and denominator_change <> 0;
comment on view restricted.restatement_fact is 'Which contributors entered, left or changed since a value of the whole service was published, with the fact behind each; POPULATION is another estimate of the population. The changes add up to the difference of the figure.';

-- ---------------------------------------------------------------- looking, each time with a purpose

-- Where the cases of a figure lie as known on a day: LATEST (what the marts show), VALUE (frozen then), or a schema of the past.
create or replace function restricted.place_of(indicator text, variant text, period text, day date) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
    place text := format('build_as_at_%s', to_char(day, 'YYYYMMDD'));
begin
    if not exists (select from marts.dim_indicator where indicator_id = indicator and variant_code = variant) then
        raise exception 'INDICATOR: there is no such indicator or variant' using errcode = 'YOS02', hint = 'see marts.dim_indicator';
    elsif not exists (select from marts.dim_period where period_code = period) then
        raise exception 'PERIOD: there is no such period' using errcode = 'YOS02', hint = 'see marts.dim_period';
    elsif day = (select as_at from marts.publication where unit = 'children' order by publication_id desc limit 1) then
        return 'LATEST';
    elsif exists (
        select from marts.fct_indicator_value
        where indicator_id = indicator and variant_code = variant and period_code = period
            and geography_level = 'SERVICE' and as_at = day
    ) then
        return 'VALUE';
    -- these tables belong to another role: nothing of it may run with the rights of this function's owner
    elsif (
        select count(*)
        from pg_class as c
        where c.relnamespace = to_regnamespace(place)
            and c.relname in ('figure_case', 'fct_indicator_latest', 'dim_period', 'dim_indicator')
            and c.relkind = 'r' and not c.relrowsecurity
            and not exists (
                select from pg_attribute as a where a.attrelid = c.oid and not a.attisdropped and a.atttypid >= 16384
            )
    ) = 4 then
        return place;
    end if;
    raise exception 'NOT_BUILT: what was known by the end of % is not built', day
        using errcode = 'YOS03', hint = format('build it with: yos as-at %s', day);
end
$$;

create or replace function restricted.shown_day() returns date
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
    day date := (select as_at from marts.publication where unit = 'children' order by publication_id desc limit 1);
begin
    if day is null then
        raise exception 'NOT_PUBLISHED: nothing about children is published yet' using errcode = 'YOS02', hint = 'run a night first';
    end if;
    return day;
end
$$;

-- The figure of the whole service as known on a day (null: as the marts show it). No record of a child: not logged.
-- is_sum_of_cases: of the denominator, which a count has not and a population is not.
create or replace function restricted.figure(indicator text, variant text, period text, as_known_on date)
returns table (
    source_code text, as_at date, version integer, numerator numeric, denominator numeric, value numeric,
    interval_low numeric, interval_high numeric, is_sum_of_cases boolean, due_date date, is_due boolean
)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
declare
    day date := coalesce(as_known_on, restricted.shown_day());
    place text := restricted.place_of(indicator, variant, period, day);
begin
    if place = 'VALUE' then
        return query
        select
            place, v.as_at, v.version, v.numerator, v.denominator, v.value, v.interval_low, v.interval_high,
            v.denominator is not null and v.population_10_17 is null, v.due_date, v.is_due
        from marts.fct_indicator_value as v
        where v.indicator_id = indicator and v.variant_code = variant and v.period_code = period
            and v.geography_level = 'SERVICE' and v.as_at = day
        order by v.version desc limit 1;
    else
        return query execute format(
            'select $1, $2, i.version, l.numerator::numeric, l.denominator::numeric, l.value::numeric, l.interval_low::numeric, '
            'l.interval_high::numeric, l.denominator is not null and l.population_10_17 is null, l.due_date, l.is_due '
            'from %1$I.fct_indicator_latest as l inner join %1$I.dim_indicator as i using (indicator_id, variant_code) '
            'where l.indicator_id = $3 and l.variant_code = $4 and l.period_code = $5 and l.geography_level = ''SERVICE''',
            case place when 'LATEST' then 'marts' else place end
        ) using case place when 'LATEST' then place else 'BUILT' end, day, indicator, variant, period;
    end if;
end
$$;

-- The cases of that figure, those counted and those left out with the reason; never a name. Logged.
create or replace function restricted.explain(
    indicator text, variant text, period text, as_at date, purpose text, asked_by text
)
returns table (
    case_key text, person_key bigint, case_reference text, case_date date, geography_key text, fact_key bigint, fact_date date,
    numerator numeric, denominator numeric, is_in boolean, reason_code text
)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
    day date;
    place text;
    how_many bigint;
begin
    perform restricted.demand_purpose(purpose, asked_by);
    day := coalesce(as_at, restricted.shown_day());
    place := restricted.place_of(indicator, variant, period, day);
    if place = 'VALUE' then
        return query
        select
            p.case_key, p.person_key, p.case_reference, p.case_date, p.geography_key, p.fact_key, p.fact_date,
            p.numerator, p.denominator, p.is_in, p.reason_code
        from restricted.published_case as p
        where p.indicator_id = indicator and p.variant_code = variant and p.period_code = period
            and p.version = (
                select max(v.version) from marts.fct_indicator_value as v
                where v.indicator_id = indicator and v.variant_code = variant and v.period_code = period
                    and v.geography_level = 'SERVICE' and v.as_at = day
            )
        order by p.is_in desc, p.reason_code, p.case_date, p.case_reference, p.case_key;
    else
        return query execute format(
            'select c.case_key, c.person_key, c.case_reference, c.case_date, c.geography_key, c.fact_key, c.fact_date, '
            'c.numerator::numeric, c.denominator::numeric, c.is_in, c.reason_code '
            'from %I.figure_case as c inner join %I.dim_period as p on c.case_date between p.first_day and p.last_day '
            'where c.indicator_id = $1 and c.variant_code = $2 and p.period_code = $3 '
            'order by c.is_in desc, c.reason_code, c.case_date, c.case_reference, c.case_key',
            case place when 'LATEST' then 'restricted' else place end, case place when 'LATEST' then 'marts' else place end
        ) using indicator, variant, period;
    end if;
    get diagnostics how_many = row_count;
    perform restricted.log_access('explain', indicator, variant, period, day, purpose, asked_by, how_many);
end
$$;

-- The live tracker, with names. Logged.
create or replace function restricted.read_tracker(purpose text, asked_by text) returns setof restricted.tracker
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    how_many bigint;
begin
    perform restricted.demand_purpose(purpose, asked_by);
    return query select * from restricted.tracker;
    get diagnostics how_many = row_count;
    perform restricted.log_access('tracker', null, null, null, restricted.shown_day(), purpose, asked_by, how_many);
end
$$;

create or replace function restricted.read_tracker_reoffences(purpose text, asked_by text)
returns setof restricted.tracker_reoffence
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    how_many bigint;
begin
    perform restricted.demand_purpose(purpose, asked_by);
    return query select * from restricted.tracker_reoffence;
    get diagnostics how_many = row_count;
    perform restricted.log_access('tracker_reoffence', null, null, null, restricted.shown_day(), purpose, asked_by, how_many);
end
$$;

-- Why a published value would be another figure today. Logged.
create or replace function restricted.read_restatement(
    indicator text, variant text, period text, purpose text, asked_by text
)
returns setof restricted.restatement_fact
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
    how_many bigint;
begin
    perform restricted.demand_purpose(purpose, asked_by);
    perform restricted.place_of(indicator, variant, period, restricted.shown_day());
    return query
    select * from restricted.restatement_fact as f
    where f.indicator_id = indicator and f.variant_code = variant and f.period_code = period
    order by f.change_code, f.fact_date, f.case_reference, f.contributor_key;
    get diagnostics how_many = row_count;
    perform restricted.log_access('restatement', indicator, variant, period, restricted.shown_day(), purpose, asked_by, how_many);
end
$$;

-- ---------------------------------------------------------------- who may do what

revoke all on all functions in schema restricted from public;
grant execute on function
    restricted.figure(text, text, text, date), restricted.explain(text, text, text, date, text, text),
    restricted.read_tracker(text, text), restricted.read_tracker_reoffences(text, text),
    restricted.read_restatement(text, text, text, text, text)
to yos_practitioner;
grant select on restricted.figure_contributor to yos_publisher;
grant select on marts.restatement to yos_analyst, yos_practitioner;
