-- Drafted by `yos migration` from the models; runs as role yos_owner.

-- ------------------------------------------------------------ marts.dim_provision
create table marts.dim_provision (
    provision_type_code text not null,
    provision_name text,
    provision_group_code text,
    is_eet boolean,
    primary key (provision_type_code)
);
comment on table marts.dim_provision is 'Kinds of education, employment and training provision. Grain: one row per kind of provision, and NOT_KNOWN (nobody said) and UNMAPPED (not in the code list). Rules: the Youth Justice Board''s kinds, and beside them what participation data needs (ref_provision); activities and registrations at a school become kinds by map_provision. Known limits: an activity of participation data says less than a placement of the case system; several become one kind. Example question: which kinds of provision count as training?';
comment on column marts.dim_provision.provision_type_code is 'Kind of provision';
comment on column marts.dim_provision.provision_name is 'Name';
comment on column marts.dim_provision.provision_group_code is 'EDUCATION, TRAINING, EMPLOYMENT, OTHER, NONE or NOT_KNOWN';
comment on column marts.dim_provision.is_eet is 'Counts as education, employment or training; null when not known';
grant select, insert, update, delete, maintain on marts.dim_provision to yos_publisher;
grant select on marts.dim_provision to yos_analyst, yos_practitioner;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('marts', 'dim_provision', 'children', '0009')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ restricted.eet_attention
create table restricted.eet_attention (
    person_key bigint not null,
    attention_code text not null,
    subject_key bigint not null,
    due_date date not null,
    attention_number integer not null,
    case_reference text,
    given_name text,
    family_name text,
    team_code text,
    district_name text,
    detail_code text,
    detail_count integer,
    source_code text,
    provision_type_code text,
    other_source_code text,
    other_provision_type_code text,
    order_end_expected date,
    service_code text,
    primary key (person_key, attention_code, subject_key, due_date, attention_number)
);
comment on table restricted.eet_attention is 'The education early warning: children under a running order whose education, employment or training needs a look. Grain: one row per child, reason, subject, due day and number. Rules: docs/how-to/education-early-warning.md. Read through restricted.read_eet_attention only, with a purpose, which is logged; each team''s manager is mailed counts, in which 1 to 4 reads "fewer than 5". Known limits: an order without an expected end is not seen to end soon; a reason says what records lack, and nothing of the child. Example question: which children of my team end their order within 60 days without suitable education?';
comment on column restricted.eet_attention.person_key is 'Child';
comment on column restricted.eet_attention.attention_code is 'ORDER_ENDING, PART_TIME_TIMETABLE, LAPSED_ACTIVITY, NO_RECORD or CONFLICT';
comment on column restricted.eet_attention.subject_key is 'The order of ORDER_ENDING; else 0';
comment on column restricted.eet_attention.due_date is 'Expected end of the order; newest day marked C2; day the activity lapsed; day the last record ended, or the first running order began; first day of the contradiction';
comment on column restricted.eet_attention.attention_number is '1, or the number among several contradictions that began on one day';
comment on column restricted.eet_attention.case_reference is 'The case system''s number of the child';
comment on column restricted.eet_attention.given_name is 'First name';
comment on column restricted.eet_attention.family_name is 'Family name';
comment on column restricted.eet_attention.team_code is 'Team of the order, or of the child''s newest running order; the district''s when that is none of the service''s; NOT_KNOWN';
comment on column restricted.eet_attention.district_name is 'District; Not known';
comment on column restricted.eet_attention.detail_code is 'Why: of ORDER_ENDING the reason code of fct_eet_at_order_end, of NO_RECORD NEVER_RECORDED or RECORD_ENDED, of CONFLICT EET_OR_NOT or PROVISION, C2; else null';
comment on column restricted.eet_attention.detail_count is 'Sessions marked C2, or days of the contradiction; else null';
comment on column restricted.eet_attention.source_code is 'Witness: CASE_SYSTEM, SCHOOL, PARTICIPATION or NOT_KNOWN; of a contradiction the one believed first';
comment on column restricted.eet_attention.provision_type_code is 'What that witness tells of, as in dim_provision; null of PART_TIME_TIMETABLE and NO_RECORD';
comment on column restricted.eet_attention.other_source_code is 'The other witness of a contradiction';
comment on column restricted.eet_attention.other_provision_type_code is 'What the other witness tells of';
comment on column restricted.eet_attention.order_end_expected is 'Day the order, or the child''s running order that ends first, is expected to end; null when not known';
comment on column restricted.eet_attention.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on restricted.eet_attention to yos_publisher;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('restricted', 'eet_attention', 'children', '0009')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ marts.fct_attendance_month
create table marts.fct_attendance_month (
    person_key bigint not null,
    month_start date not null,
    sessions_possible integer,
    sessions_attended integer,
    sessions_late integer,
    sessions_authorised integer,
    sessions_unauthorised integer,
    sessions_unable integer,
    sessions_not_counted integer,
    sessions_part_time integer,
    sessions_detained integer,
    sessions_unmapped integer,
    hours_estimated numeric(5,2),
    is_series_break boolean,
    service_code text,
    primary key (person_key, month_start)
);
alter table marts.fct_attendance_month add constraint fct_attendance_month_person_key_fkey foreign key (person_key)
    references marts.dim_child (person_key) deferrable initially deferred;
alter table marts.fct_attendance_month add constraint fct_attendance_month_month_start_fkey foreign key (month_start)
    references marts.dim_date (date_key) deferrable initially deferred;
comment on table marts.fct_attendance_month is 'School attendance of children by calendar month, in half-day sessions. Grain: one row per child and month with at least one mark. Rules: docs/indicators/attendance_and_exclusions.md. Codes are read by the list of the day. Possible sessions leave out those the child was unable to attend (detention, closed premises) and those not counted (not of school age, dual registration, planned closure). hours_estimated takes a full week for ten sessions of two and a half hours. Known limits: hours are an estimate and no record; schools closed to most children in 2020 and 2021 (is_series_break); marks that name a number of two children are nobody''s. Example question: which children were on a part-time timetable last month?';
comment on column marts.fct_attendance_month.person_key is 'Child';
comment on column marts.fct_attendance_month.month_start is 'First day of the month';
comment on column marts.fct_attendance_month.sessions_possible is 'Sessions the child could have attended';
comment on column marts.fct_attendance_month.sessions_attended is 'Of them present, late before the register closed, or at an approved activity';
comment on column marts.fct_attendance_month.sessions_late is 'Of the attended ones late before the register closed (L)';
comment on column marts.fct_attendance_month.sessions_authorised is 'Of the possible ones missed with leave';
comment on column marts.fct_attendance_month.sessions_unauthorised is 'Of the possible ones missed without leave';
comment on column marts.fct_attendance_month.sessions_unable is 'Sessions the child was unable to attend; not among the possible ones';
comment on column marts.fct_attendance_month.sessions_not_counted is 'Sessions that count for nothing; not among the possible ones';
comment on column marts.fct_attendance_month.sessions_part_time is 'Of the authorised ones by a part-time timetable (C2)';
comment on column marts.fct_attendance_month.sessions_detained is 'Of those unable to attend in criminal justice detention (Y5)';
comment on column marts.fct_attendance_month.sessions_unmapped is 'Sessions with a code that was not valid on the day; not among the possible ones';
comment on column marts.fct_attendance_month.hours_estimated is 'Hours a week the attended sessions stand for, of 25; null without a possible session';
comment on column marts.fct_attendance_month.is_series_break is 'Schools were closed to most children on a day of the month';
comment on column marts.fct_attendance_month.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on marts.fct_attendance_month to yos_publisher;
grant select on marts.fct_attendance_month to yos_analyst, yos_practitioner;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('marts', 'fct_attendance_month', 'children', '0009')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ marts.fct_eet_conflict
create table marts.fct_eet_conflict (
    person_key bigint not null,
    conflict_code text not null,
    source_code text not null,
    other_source_code text not null,
    first_day date not null,
    last_day date,
    is_open boolean,
    provision_type_code text,
    other_provision_type_code text,
    days integer,
    service_code text,
    primary key (person_key, conflict_code, source_code, other_source_code, first_day)
);
alter table marts.fct_eet_conflict add constraint fct_eet_conflict_person_key_fkey foreign key (person_key)
    references marts.dim_child (person_key) deferrable initially deferred;
alter table marts.fct_eet_conflict add constraint fct_eet_conflict_first_day_fkey foreign key (first_day)
    references marts.dim_date (date_key) deferrable initially deferred;
alter table marts.fct_eet_conflict add constraint fct_eet_conflict_provision_type_code_fkey foreign key (provision_type_code)
    references marts.dim_provision (provision_type_code) deferrable initially deferred;
create index on marts.fct_eet_conflict (provision_type_code);
alter table marts.fct_eet_conflict add constraint fct_eet_conflict_other_provision_type_code_fkey foreign key (other_provision_type_code)
    references marts.dim_provision (provision_type_code) deferrable initially deferred;
create index on marts.fct_eet_conflict (other_provision_type_code);
comment on table marts.fct_eet_conflict is 'Where two witnesses contradict each other about a child''s education, employment or training for at least yos:eet_conflict_days (14) days. Grain: one row per child, kind of conflict, pair of witnesses and first day. Rules: docs/indicators/suitable_eet_at_order_end.md. EET_OR_NOT: one tells of a placement, the other of none. PROVISION: both tell of placements of different groups, and neither confirms what the other says with a spell of that group. Days after the as-at day are not counted. Known limits: provision that is empty or in no list contradicts nothing but a spell of none. Example question: which children does the service call NEET while a school has them on its roll?';
comment on column marts.fct_eet_conflict.person_key is 'Child';
comment on column marts.fct_eet_conflict.conflict_code is 'EET_OR_NOT: one tells of a placement, the other of none; PROVISION: placements of different groups';
comment on column marts.fct_eet_conflict.source_code is 'The witness that is believed on the first day';
comment on column marts.fct_eet_conflict.other_source_code is 'The other witness';
comment on column marts.fct_eet_conflict.first_day is 'First day both spells cover';
comment on column marts.fct_eet_conflict.last_day is 'Last day both spells cover; null while both run';
comment on column marts.fct_eet_conflict.is_open is 'Both spells cover the as-at day or run';
comment on column marts.fct_eet_conflict.provision_type_code is 'What the one says';
comment on column marts.fct_eet_conflict.other_provision_type_code is 'What the other says';
comment on column marts.fct_eet_conflict.days is 'Days both spells cover up to the as-at day';
comment on column marts.fct_eet_conflict.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on marts.fct_eet_conflict to yos_publisher;
grant select on marts.fct_eet_conflict to yos_analyst, yos_practitioner;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('marts', 'fct_eet_conflict', 'children', '0009')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ marts.fct_eet_spell
create table marts.fct_eet_spell (
    person_key bigint not null,
    source_code text not null,
    start_date date not null,
    spell_number integer not null,
    end_date date,
    is_end_estimated boolean,
    is_lapsed boolean,
    is_eet boolean,
    provision_type_code text,
    hours_offered numeric(5,2),
    hours_attended numeric(5,2),
    hours_estimated numeric(5,2),
    hours_band_code text,
    suitability_code text,
    is_school_age_at_start boolean,
    is_school_age_at_end boolean,
    precedence integer,
    concurrent_spells integer,
    other_witness_spells integer,
    service_code text,
    primary key (person_key, source_code, start_date, spell_number)
);
alter table marts.fct_eet_spell add constraint fct_eet_spell_person_key_fkey foreign key (person_key)
    references marts.dim_child (person_key) deferrable initially deferred;
alter table marts.fct_eet_spell add constraint fct_eet_spell_start_date_fkey foreign key (start_date)
    references marts.dim_date (date_key) deferrable initially deferred;
alter table marts.fct_eet_spell add constraint fct_eet_spell_provision_type_code_fkey foreign key (provision_type_code)
    references marts.dim_provision (provision_type_code) deferrable initially deferred;
create index on marts.fct_eet_spell (provision_type_code);
comment on table marts.fct_eet_spell is 'Spells of education, employment and training of known children, by each witness that told of them: the service itself, schools (census returns and transfer files), the participation extract. Grain: one row per spell and witness; spell_number tells apart spells of one witness that begin on one day. Rules: docs/indicators/suitable_eet_at_order_end.md. A school spell without a leaving date ends on the day of the last return that listed the pupil, once a newer one does not. An activity of the participation extract ends the day before the next one, or when it lapses; one that is not known is no spell. Spells that end before they start are left out and reported. Known limits: only the service judges suitability and records hours; a school that stops sending returns leaves its spells open. Example question: which children have spells of two witnesses side by side?';
comment on column marts.fct_eet_spell.person_key is 'Child';
comment on column marts.fct_eet_spell.source_code is 'Witness that tells of the spell: CASE_SYSTEM, SCHOOL or PARTICIPATION';
comment on column marts.fct_eet_spell.start_date is 'First day';
comment on column marts.fct_eet_spell.spell_number is 'From 1 among spells of the child and witness that begin that day';
comment on column marts.fct_eet_spell.end_date is 'Last day; null while it runs';
comment on column marts.fct_eet_spell.is_end_estimated is 'Nobody gave the last day: it is that of the last return that listed the pupil';
comment on column marts.fct_eet_spell.is_lapsed is 'What was known ran out and nothing newer is told';
comment on column marts.fct_eet_spell.is_eet is 'In education, employment or training; false for a spell of none';
comment on column marts.fct_eet_spell.provision_type_code is 'Kind of provision';
comment on column marts.fct_eet_spell.hours_offered is 'Hours a week offered; null when not known';
comment on column marts.fct_eet_spell.hours_attended is 'Hours a week attended as recorded; null when not known';
comment on column marts.fct_eet_spell.hours_estimated is 'Hours a week that attendance marks within a school spell stand for; null without marks';
comment on column marts.fct_eet_spell.hours_band_code is 'Of the hours attended: NOT_KNOWN, 0, 1_15, 16_24 or 25_PLUS';
comment on column marts.fct_eet_spell.suitability_code is 'The practitioner''s judgement: SUITABLE, UNSUITABLE or UNKNOWN';
comment on column marts.fct_eet_spell.is_school_age_at_start is 'School age on the first day';
comment on column marts.fct_eet_spell.is_school_age_at_end is 'School age on the last day, or on the as-at day while it runs';
comment on column marts.fct_eet_spell.precedence is 'How far the witness is believed on the first day; 1 before all others';
comment on column marts.fct_eet_spell.concurrent_spells is 'Other spells of the same witness that share a day';
comment on column marts.fct_eet_spell.other_witness_spells is 'Spells of other witnesses that share a day';
comment on column marts.fct_eet_spell.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on marts.fct_eet_spell to yos_publisher;
grant select on marts.fct_eet_spell to yos_analyst, yos_practitioner;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('marts', 'fct_eet_spell', 'children', '0009')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ marts.fct_exclusion
create table marts.fct_exclusion (
    person_key bigint not null,
    start_date date not null,
    exclusion_number integer not null,
    category_code text,
    reason_1_code text,
    reason_2_code text,
    reason_3_code text,
    sessions numeric(8,2),
    sen_provision_code text,
    return_term text,
    service_code text,
    primary key (person_key, start_date, exclusion_number)
);
alter table marts.fct_exclusion add constraint fct_exclusion_person_key_fkey foreign key (person_key)
    references marts.dim_child (person_key) deferrable initially deferred;
alter table marts.fct_exclusion add constraint fct_exclusion_start_date_fkey foreign key (start_date)
    references marts.dim_date (date_key) deferrable initially deferred;
comment on table marts.fct_exclusion is 'Suspensions and exclusions of children from school, as the school census tells them. Grain: one row per child, first day and exclusion of that day. Rules: docs/indicators/attendance_and_exclusions.md. FIXD of older returns is a suspension. The same exclusion told by two returns (same first day, category and sessions) is one, as the newest tells it. Codes are read by the list of the first day. Known limits: schools tell a term after it ended; an exclusion corrected in a later return to another day or length stands twice. Example question: how many children with an order were suspended this year, and why?';
comment on column marts.fct_exclusion.person_key is 'Child';
comment on column marts.fct_exclusion.start_date is 'First day';
comment on column marts.fct_exclusion.exclusion_number is 'Number among the child''s exclusions of that day, from 1';
comment on column marts.fct_exclusion.category_code is 'SUSP suspension, PERM permanent, LNCH lunchtime; NOT_KNOWN; UNMAPPED: not valid on the day';
comment on column marts.fct_exclusion.reason_1_code is 'First reason (code_exclusion_reason); UNMAPPED: not valid on the day';
comment on column marts.fct_exclusion.reason_2_code is 'Second reason';
comment on column marts.fct_exclusion.reason_3_code is 'Third reason';
comment on column marts.fct_exclusion.sessions is 'Half-day sessions; two are a day';
comment on column marts.fct_exclusion.sen_provision_code is 'Provision for special needs at the time: EHC_PLAN, SEN_SUPPORT, NONE, NOT_KNOWN or UNMAPPED';
comment on column marts.fct_exclusion.return_term is 'School term of the return that tells it: its year and 1 (spring), 2 (summer) or 3 (autumn)';
comment on column marts.fct_exclusion.service_code is 'Service the row belongs to';
grant select, insert, update, delete, maintain on marts.fct_exclusion to yos_publisher;
grant select on marts.fct_exclusion to yos_analyst, yos_practitioner;

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('marts', 'fct_exclusion', 'children', '0009')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;

-- ------------------------------------------------------------ marts.fct_eet_at_order_end
comment on column marts.fct_eet_at_order_end.geography_key is 'District the child lived in on the day it ended; -1 not known';
alter table marts.fct_eet_at_order_end add column order_start_date date;
comment on column marts.fct_eet_at_order_end.order_start_date is 'Day the order began';
alter table marts.fct_eet_at_order_end add column team_code text;
comment on column marts.fct_eet_at_order_end.team_code is 'Team the order is with; NOT_KNOWN';
alter table marts.fct_eet_at_order_end add column age_at_start integer;
comment on column marts.fct_eet_at_order_end.age_at_start is 'Completed years on the day it began; null when not known';
comment on column marts.fct_eet_at_order_end.age_at_end is 'Completed years on the day it ended; null when not known';
alter table marts.fct_eet_at_order_end add column exclusion_code text;
comment on column marts.fct_eet_at_order_end.exclusion_code is 'Why it does not: the first of KIND, DATES, ENDED_OTHERWISE, PERSON_NOT_KNOWN, LIVING_ELSEWHERE; else IN';
alter table marts.fct_eet_at_order_end add column is_living_here boolean;
comment on column marts.fct_eet_at_order_end.is_living_here is 'No address elsewhere is known for the day it ended';
comment on column marts.fct_eet_at_order_end.is_school_age is 'Up to the last Friday in June of the school year of the 16th birthday; true when the date of birth is not known';
alter table marts.fct_eet_at_order_end add column source_code text;
comment on column marts.fct_eet_at_order_end.source_code is 'Witness that is believed on the day: CASE_SYSTEM, SCHOOL, PARTICIPATION; NOT_KNOWN when none tells of it';
alter table marts.fct_eet_at_order_end add column provision_type_code text;
comment on column marts.fct_eet_at_order_end.provision_type_code is 'Of the placement with most hours attended; NONE when there is none, NOT_KNOWN without a record';
alter table marts.fct_eet_at_order_end add column hours_offered numeric(6,2);
comment on column marts.fct_eet_at_order_end.hours_offered is 'Hours a week offered in all placements; null when not known';
alter table marts.fct_eet_at_order_end rename column hours_a_week to hours_attended;
comment on column marts.fct_eet_at_order_end.hours_attended is 'Hours a week attended in all placements; null when not known';
alter table marts.fct_eet_at_order_end add column hours_estimated numeric(5,2);
comment on column marts.fct_eet_at_order_end.hours_estimated is 'Hours a week that attendance marks of the month stand for; null without marks';
alter table marts.fct_eet_at_order_end add column hours_band_code text;
comment on column marts.fct_eet_at_order_end.hours_band_code is 'Of the hours attended: NOT_KNOWN, 0, 1_15, 16_24 or 25_PLUS';
alter table marts.fct_eet_at_order_end add column has_record boolean;
comment on column marts.fct_eet_at_order_end.has_record is 'A witness tells of the day';
alter table marts.fct_eet_at_order_end rename column has_placement to is_in_eet;
comment on column marts.fct_eet_at_order_end.is_in_eet is 'At least one placement';
alter table marts.fct_eet_at_order_end add column is_suitability_known boolean;
comment on column marts.fct_eet_at_order_end.is_suitability_known is 'Every placement was judged suitable or unsuitable';
comment on column marts.fct_eet_at_order_end.has_known_hours is 'Hours attended of at least one placement are known';
comment on column marts.fct_eet_at_order_end.has_enough_hours is 'As many hours attended as are needed';
alter table marts.fct_eet_at_order_end add column has_25_hours boolean;
comment on column marts.fct_eet_at_order_end.has_25_hours is 'At least 25 hours attended';
alter table marts.fct_eet_at_order_end add column is_suitable_eet_25 boolean;
comment on column marts.fct_eet_at_order_end.is_suitable_eet_25 is 'The same with 25 hours for everybody';
alter table marts.fct_eet_at_order_end add column is_suitable_eet_estimated boolean;
comment on column marts.fct_eet_at_order_end.is_suitable_eet_estimated is 'The same with estimated hours where none are recorded';
alter table marts.fct_eet_at_order_end add column is_neet boolean;
comment on column marts.fct_eet_at_order_end.is_neet is 'A record, and no placement; never of school age while schools were closed';
alter table marts.fct_eet_at_order_end add column status_code text;
comment on column marts.fct_eet_at_order_end.status_code is 'SUITABLE, NOT_SUITABLE, NEET or NOT_KNOWN';
comment on column marts.fct_eet_at_order_end.reason_code is 'SUITABLE, or why not, the first that applies: SCHOOLS_CLOSED, NO_RECORD, NEET, NOT_ALL_SUITABLE, SUITABILITY_NOT_KNOWN, HOURS_NOT_KNOWN, TOO_FEW_HOURS';
alter table marts.fct_eet_at_order_end add column witnesses_disagree boolean;
comment on column marts.fct_eet_at_order_end.witnesses_disagree is 'One witness tells of a placement on the day, another of none';
alter table marts.fct_eet_at_order_end add column is_series_break boolean;
comment on column marts.fct_eet_at_order_end.is_series_break is 'The day lies in a time in which schools were closed to most children';
alter table marts.fct_eet_at_order_end add column start_source_code text;
comment on column marts.fct_eet_at_order_end.start_source_code is 'Witness that is believed on the day the order began';
alter table marts.fct_eet_at_order_end add column start_status_code text;
comment on column marts.fct_eet_at_order_end.start_status_code is 'As status_code, on the day the order began';
alter table marts.fct_eet_at_order_end add column start_reason_code text;
comment on column marts.fct_eet_at_order_end.start_reason_code is 'As reason_code, on the day the order began';
alter table marts.fct_eet_at_order_end add column start_is_suitable_eet boolean;
comment on column marts.fct_eet_at_order_end.start_is_suitable_eet is 'Suitable education, employment or training on the day the order began';
alter table marts.fct_eet_at_order_end add column start_is_every_placement_suitable boolean;
comment on column marts.fct_eet_at_order_end.start_is_every_placement_suitable is 'Every placement was judged suitable on the day the order began';
alter table marts.fct_eet_at_order_end add column start_is_school_age boolean;
comment on column marts.fct_eet_at_order_end.start_is_school_age is 'School age on the day the order began';
alter table marts.fct_eet_at_order_end add column start_provision_type_code text;
comment on column marts.fct_eet_at_order_end.start_provision_type_code is 'As provision_type_code, on the day the order began';
alter table marts.fct_eet_at_order_end add column start_hours_offered numeric(6,2);
comment on column marts.fct_eet_at_order_end.start_hours_offered is 'Hours a week offered on the day the order began; null when not known';
alter table marts.fct_eet_at_order_end add column start_hours_attended numeric(6,2);
comment on column marts.fct_eet_at_order_end.start_hours_attended is 'Hours a week attended on the day the order began; null when not known';
alter table marts.fct_eet_at_order_end add column start_hours_band_code text;
comment on column marts.fct_eet_at_order_end.start_hours_band_code is 'Of the hours attended on the day the order began';
alter table marts.fct_eet_at_order_end add column change_code text;
comment on column marts.fct_eet_at_order_end.change_code is 'From start to end, by NEET, NOT_SUITABLE, SUITABLE: BETTER, WORSE or SAME; NOT_KNOWN if either is';
alter table marts.fct_eet_at_order_end add column send_code text;
comment on column marts.fct_eet_at_order_end.send_code is 'Special educational needs on the day it ended: EHC_PLAN, SEN_SUPPORT, NONE or NOT_KNOWN';
alter table marts.fct_eet_at_order_end add column looked_after_code text;
comment on column marts.fct_eet_at_order_end.looked_after_code is 'In care on the day it ended: LOOKED_AFTER, REMAND_ONLY, NOT_LOOKED_AFTER';
alter table marts.fct_eet_at_order_end add column is_kpi_cohort boolean;
comment on column marts.fct_eet_at_order_end.is_kpi_cohort is 'Stands for the child in the key performance indicators of its quarter';
alter table marts.fct_eet_at_order_end add column kpi_reason_code text;
comment on column marts.fct_eet_at_order_end.kpi_reason_code is 'IN, or why it does not: KIND, BEFORE_KPI, DATES, PERSON_NOT_KNOWN, LIVING_ELSEWHERE, AGE_NOT_KNOWN, AGE, APPEALED_AWAY, OTHER_ORDER';
alter table marts.fct_eet_at_order_end add constraint fct_eet_at_order_end_order_start_date_fkey foreign key (order_start_date)
    references marts.dim_date (date_key) deferrable initially deferred;
alter table marts.fct_eet_at_order_end add constraint fct_eet_at_order_end_provision_type_code_fkey foreign key (provision_type_code)
    references marts.dim_provision (provision_type_code) deferrable initially deferred;
create index on marts.fct_eet_at_order_end (provision_type_code);
alter table marts.fct_eet_at_order_end add constraint fct_eet_at_order_end_start_provision_type_code_fkey foreign key (start_provision_type_code)
    references marts.dim_provision (provision_type_code) deferrable initially deferred;
create index on marts.fct_eet_at_order_end (start_provision_type_code);
comment on table marts.fct_eet_at_order_end is 'Education, employment and training on the day an order ended, the same on the day it began, and whose word it is. Grain: one row per order that ended; two orders of one child are two. Rules: docs/indicators/suitable_eet_at_order_end.md. The witness of highest precedence with a spell on the day is believed, and no other. Suitable means a placement on the day, every placement judged suitable, and together at least 25 hours a week attended in school age, 16 above. What is not known is not suitable, and not NEET either. Orders ended by breach, transfer or death, of children living elsewhere, and orders that work without a substantive outcome, do not count (is_counted); each has its reason (exclusion_code). For the key performance indicators one order end stands for a child in a quarter (is_kpi_cohort). Known limits: hours attended as the service records them; schools and participation data have none, and hours estimated from attendance marks enter only is_suitable_eet_estimated. Example question: why were the others not suitable?';

insert into ops.permanent_table (schema_name, table_name, unit, migration)
values ('marts', 'fct_eet_at_order_end', 'children', '0009')
on conflict (schema_name, table_name) do update
set unit = excluded.unit, migration = excluded.migration;
