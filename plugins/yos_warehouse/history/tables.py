"""The tables of raw and quarantine, one of each per entity, derived from the contracts.

They follow the contracts without a migration of their own: a new entity or column is added, nothing
is ever removed, so that every version of every record stays readable.
"""

from __future__ import annotations

from yos_warehouse.sources.contract import Contract, Entity

# What raw knows about a version besides the record itself.
RAW_META = (
    ("row_hash", "bigint"),
    ("business_date", "date"),
    ("recorded_from", "timestamptz"),
    ("recorded_to", "timestamptz"),
    ("load_id", "bigint"),
    ("row_number", "bigint"),
    ("is_last_good", "boolean"),
)


def quoted(name: str) -> str:
    """An SQL identifier; contract names are plain, file headers are not."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: str) -> str:
    """An SQL string constant, also inside a statement without parameters."""
    escaped = value.replace("'", "''")
    return f"E'{escaped.replace(chr(92), chr(92) * 2)}'" if chr(92) in value else f"'{escaped}'"


def contract_ddl(contract: Contract) -> list[str]:
    """Statements that make or complete the tables of one feed; safe to run again.

    Args:
        contract: the feed.

    Returns:
        SQL statements in order, for the role that owns the schemas raw and quarantine.
    """
    statements: list[str] = []
    for name, entity in contract.entities.items():
        table = contract.raw_table(name)
        statements += _raw(table, entity) + _quarantine(table, entity)
    return statements


def _raw(table: str, entity: Entity) -> list[str]:
    # raw_id comes from one sequence and is never looked up: an index on it would cost a tenth of a load,
    # and so would checking a foreign key to ops.load for each row.
    # record_id compares by bytes, which is what identity means here and twice as fast as a language's order.
    statements = [
        f"""create table if not exists raw.{table} (
    raw_id bigint generated always as identity (cache 1000),
    service_code text collate "C" not null,
    record_id text collate "C" not null,
    row_hash bigint not null,
    business_date date not null,
    recorded_from timestamptz not null,
    recorded_to timestamptz check (recorded_to >= recorded_from),
    load_id bigint not null,
    row_number bigint,
    is_last_good boolean not null default false
)"""
    ]
    statements += _columns(f"raw.{table}", entity)
    statements += [
        f"create unique index if not exists {table}__current on raw.{table} (record_id, service_code)"
        " where recorded_to is null",
        f"create index if not exists {table}__last_good on raw.{table} (record_id) where is_last_good",
        # narrower than the schema's default: what was recorded is never rewritten, only ended
        f"revoke all on raw.{table} from yos_loader, yos_transformer",
        f"grant select, insert on raw.{table} to yos_loader",
        f"grant update (recorded_to, is_last_good) on raw.{table} to yos_loader",
        f"grant select on raw.{table} to yos_transformer",
        f"comment on table raw.{table} is {literal(entity.title + ': every version of every record as sent')}",
    ]
    return statements


def _quarantine(table: str, entity: Entity) -> list[str]:
    statements = [
        f"""create table if not exists quarantine.{table} (
    quarantine_id bigint generated always as identity primary key,
    load_id bigint not null references ops.load,
    row_number bigint not null,
    rule_codes text[] not null,
    record_id text collate "C",
    line text,
    held_since timestamptz not null,
    released_at timestamptz,
    released_by_load_id bigint references ops.load
)"""
    ]
    statements += _columns(f"quarantine.{table}", entity)
    statements += [
        f"alter table quarantine.{table} add column if not exists file text, add column if not exists file_line bigint",
        f"comment on column quarantine.{table}.file is 'The file, by the pattern of its name and its place in the drop'",
        f"comment on column quarantine.{table}.file_line is 'The line of the file on which the row starts, from 1'",
        f"create index if not exists {table}__held on quarantine.{table} (record_id) where released_at is null",
        f"create index if not exists {table}__load on quarantine.{table} (load_id)",
        f"revoke all on quarantine.{table} from yos_loader, yos_transformer",
        f"grant select, insert on quarantine.{table} to yos_loader",
        f"grant update (released_at, released_by_load_id) on quarantine.{table} to yos_loader",
        f"comment on table quarantine.{table} is {literal(entity.title + ': rows held back, with the rules')}",
    ]
    return statements


def _columns(table: str, entity: Entity) -> list[str]:
    columns = ", ".join(f"add column if not exists {quoted(name)} text" for name in entity.columns)
    return [f"alter table {table} {columns}"] + [
        f"comment on column {table}.{quoted(name)} is {literal(column.means)}"
        for name, column in entity.columns.items()
    ]
