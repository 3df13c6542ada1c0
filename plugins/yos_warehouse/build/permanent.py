"""The permanent tables: as the models declare them, as the catalogue has them, and how the two differ.

Columns, types, keys, comments and audience are declared once, in the model's yml (design.md 1).
Migrations make the tables; nothing but publication writes them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from psycopg2.extensions import cursor as Cursor

from yos_warehouse.errors import YosError

ZONES = ("marts", "reports", "restricted")
UNITS = ("children", "finance", "shared")
AUDIENCES = ("analyst", "finance", "practitioner")
# Made by hand-written migrations and only ever added to; no model has them.
KEPT = (
    "marts.publication",
    "marts.fct_indicator_value",
    "restricted.published_case",
    "restricted.access_log",
)


@dataclass(frozen=True)
class Column:
    """One column: its type in PostgreSQL's spelling."""

    name: str
    type: str
    is_required: bool
    comment: str = ""


@dataclass(frozen=True)
class PermanentTable:
    """One permanent table; ``foreign_keys`` maps a column to (schema, table, column)."""

    schema: str
    name: str
    unit: str
    columns: tuple[Column, ...]
    primary_key: tuple[str, ...]
    foreign_keys: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)
    audience: tuple[str, ...] = ()
    comment: str = ""

    @property
    def full_name(self) -> str:
        """Schema and name."""
        return f"{self.schema}.{self.name}"

    def to_json(self) -> dict[str, Any]:
        """A plain form for ops.built_table."""
        return asdict(self)

    @staticmethod
    def from_json(data: Mapping[str, Any]) -> PermanentTable:
        """The table back from :meth:`to_json`."""
        return PermanentTable(
            **{
                **data,
                "columns": tuple(Column(**column) for column in data["columns"]),
                "primary_key": tuple(data["primary_key"]),
                "foreign_keys": {name: tuple(other) for name, other in data["foreign_keys"].items()},
                "audience": tuple(data["audience"]),
            }
        )


@dataclass(frozen=True)
class Difference:
    """Something in which a model and its permanent table disagree, and the statement that would settle it.

    Structure and grants stop a publication; a comment or a comment line to be decided by a person does not.
    """

    table: str
    kind: Literal["structure", "grant", "comment"]
    words: str
    statement: str


def declared(manifest: Mapping[str, Any], cursor: Cursor) -> list[PermanentTable]:
    """The permanent tables that dbt's manifest declares, referenced tables first.

    Args:
        manifest: the content of dbt's manifest.json.
        cursor: only asked to spell the types as PostgreSQL does.

    Raises:
        YosError: MODEL_META when a model's declaration is incomplete; names the model and what is missing.
    """
    models = {
        node["name"]: node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and _is_permanent(node)
    }
    tables = {name: _declare(node, models, cursor) for name, node in models.items()}
    ordered: list[PermanentTable] = []
    waiting = dict(sorted(tables.items()))
    while waiting:
        made = {table.full_name for table in ordered}
        ready = [
            name
            for name, table in waiting.items()
            if all(
                f"{s}.{t}" in made or (s, t) == (table.schema, table.name)
                for s, t, _ in table.foreign_keys.values()
            )
        ]
        if not ready:
            raise YosError(
                "MODEL_META", f"foreign keys go in a circle: {', '.join(waiting)}", "break the circle"
            )
        ordered += [waiting.pop(name) for name in ready]
    return ordered


def meta_of(node: Mapping[str, Any]) -> Mapping[str, Any]:
    """A node's meta, wherever its yml put it."""
    return {**(node.get("meta") or {}), **((node.get("config") or {}).get("meta") or {})}


def existing(cursor: Cursor) -> dict[str, PermanentTable]:
    """The permanent tables in the catalogue, by schema and name; without those that are kept."""
    cursor.execute(_TABLES, (list(KEPT),))
    found = {}
    for oid, schema, name, comment, unit in cursor.fetchall():
        cursor.execute(_COLUMNS, (oid,))
        columns = tuple(Column(*row) for row in cursor.fetchall())
        cursor.execute(_PRIMARY_KEY, (oid,))
        row = cursor.fetchone()
        cursor.execute(_FOREIGN_KEYS, (oid,))
        foreign_keys = {column: (s, t, c) for column, s, t, c in cursor.fetchall()}
        cursor.execute(_AUDIENCE, (oid,))
        audience = tuple(role.removeprefix("yos_") for (role,) in cursor.fetchall())
        found[f"{schema}.{name}"] = PermanentTable(
            schema, name, unit or "", columns, tuple(row[0]) if row else (), foreign_keys, audience, comment
        )
    return found


def compare(tables: Iterable[PermanentTable], cursor: Cursor) -> list[Difference]:
    """In what the models and the catalogue disagree; empty when a build of these models can be published."""
    here = existing(cursor)
    wanted = list(tables)
    kept = {table.full_name for table in wanted if table.unit == "shared"}
    differences: list[Difference] = []
    for table in wanted:
        differences += _compare_table(table, here.get(table.full_name), kept)
    for name in sorted(set(here) - {table.full_name for table in wanted}):
        differences.append(
            Difference(name, "structure", f"{name} has no model any more",
                       f"-- decide: drop table {name}; delete from ops.permanent_table where "
                       f"schema_name || '.' || table_name = '{name}';")
        )  # fmt: skip
    return differences


def _is_permanent(node: Mapping[str, Any]) -> bool:
    """Models of a permanent zone, and models that lie in a folder named after one and must therefore name it."""
    folders = node.get("fqn") or ()
    return meta_of(node).get("zone") in ZONES or bool(set(ZONES) & set(folders[1:2]))


def _declare(node: Mapping[str, Any], models: Mapping[str, Any], cursor: Cursor) -> PermanentTable:
    name, meta = node["name"], meta_of(node)
    audience = tuple(sorted(meta.get("audience") or ()))
    columns = node["columns"]
    key = tuple(meta.get("primary_key") or ())
    problems = [
        words
        for is_wrong, words in (
            (meta.get("zone") not in ZONES, f"zone is none of {', '.join(ZONES)}"),
            (meta.get("unit") not in UNITS, f"unit is none of {', '.join(UNITS)}"),
            (not key, "primary_key is missing"),
            (not set(key) <= set(columns), "a column of primary_key is not declared"),
            (not set(audience) <= set(AUDIENCES), f"audience is none of {', '.join(AUDIENCES)}"),
            (not columns, "no column is declared"),
            (any(not column.get("data_type") for column in columns.values()), "a column has no data_type"),
            (
                not set(meta.get("foreign_keys") or {}) <= set(columns),
                "a foreign key's column is not declared",
            ),
        )
        if is_wrong
    ]
    foreign_keys: dict[str, tuple[str, str, str]] = {}
    for column, target in (meta.get("foreign_keys") or {}).items():
        other_key = meta_of(models[target]).get("primary_key") if target in models else None
        if not other_key or len(other_key) != 1:
            problems.append(f"foreign key {column}: {target} is no permanent table with a key of one column")
            continue
        if meta_of(models[target])["unit"] not in (meta["unit"], "shared"):
            problems.append(
                f"foreign key {column}: {target} belongs to another unit, which may be held alone"
            )
        foreign_keys[column] = (meta_of(models[target])["zone"], _table_name(models[target]), other_key[0])
    if problems:
        raise YosError("MODEL_META", f"model {name}: {'; '.join(problems)}", "complete the model's yml")
    types = _spell([column["data_type"] for column in columns.values()], cursor)
    return PermanentTable(
        meta["zone"],
        _table_name(node),
        meta["unit"],
        tuple(
            Column(
                column["name"],
                spelt,
                column["name"] in key
                or any(c["type"] == "not_null" for c in column.get("constraints") or ()),
                _one_line(column.get("description")),
            )
            for column, spelt in zip(columns.values(), types, strict=True)
        ),
        key,
        foreign_keys,
        audience,
        (node.get("description") or "").strip(),
    )


def _table_name(node: Mapping[str, Any]) -> str:
    return node.get("alias") or node["name"]


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())


def _spell(types: list[str], cursor: Cursor) -> list[str]:
    cursor.execute(
        "select format_type(to_regtype(t), to_regtypemod(t)) "
        "from unnest(%s::text[]) with ordinality as u (t, n) order by n",
        (types,),
    )
    return [spelt or given for (spelt,), given in zip(cursor.fetchall(), types, strict=True)]


def _compare_table(
    wanted: PermanentTable, here: PermanentTable | None, kept: Collection[str]
) -> list[Difference]:
    name = wanted.full_name
    if here is None:
        return [Difference(name, "structure", f"{name} does not exist", create_table(wanted, kept))]
    found: list[Difference] = []

    def differs(kind: Literal["structure", "grant", "comment"], words: str, statement: str) -> None:
        found.append(Difference(name, kind, f"{name}: {words}", statement))

    change = f"alter table {name}"
    old = {column.name: column for column in here.columns}
    for column in wanted.columns:
        before = old.pop(column.name, None)
        alter = f"{change} alter column {column.name}"
        if before is None:
            statement = _add_column(wanted, column)
            differs("structure", f"column {column.name} is missing", statement)
            continue
        if before.type != column.type:
            words = f"column {column.name} is {before.type}, declared {column.type}"
            differs("structure", words, f"{alter} type {column.type};")
        if column.is_required and not before.is_required:
            differs("structure", f"column {column.name} may not be empty", f"{alter} set not null;")
        if before.is_required and not column.is_required:
            differs("structure", f"column {column.name} may be empty", f"{alter} drop not null;")
        if before.comment != column.comment:
            differs("comment", f"comment on {column.name}", _comment(name, column))
    for column_name in old:
        statement = f"-- decide (readers may use it): {change} drop column {column_name};"
        differs("structure", f"column {column_name} is not in the model", statement)
    if here.primary_key != wanted.primary_key:
        key = ", ".join(wanted.primary_key)
        statement = f"{change} drop constraint {wanted.name}_pkey, add primary key ({key});"
        differs("structure", "primary key", statement)
    for column_name, target in wanted.foreign_keys.items():
        if here.foreign_keys.get(column_name) != target:
            drop = f"{change} drop constraint {_key_name(wanted, column_name)};\n"
            statement = _foreign_key(wanted, column_name, kept)
            if column_name in here.foreign_keys:
                statement = drop + statement
            differs("structure", f"foreign key {column_name}", statement)
    for column_name in sorted(set(here.foreign_keys) - set(wanted.foreign_keys)):
        statement = f"{change} drop constraint {_key_name(wanted, column_name)};"
        differs("structure", f"foreign key {column_name} is not declared", statement)
    for role in sorted(set(wanted.audience) - set(here.audience)):
        differs("grant", f"{role} may not read it", f"grant select on {name} to yos_{role};")
    for role in sorted(set(here.audience) - set(wanted.audience)):
        differs("grant", f"{role} may read it", f"revoke all on {name} from yos_{role};")
    if here.unit != wanted.unit:
        words = f"unit is {here.unit or 'missing'}, declared {wanted.unit}"
        differs("structure", words, "-- the unit is kept in ops.permanent_table")
    if here.comment != wanted.comment:
        differs("comment", "description", f"comment on table {name} is {_quoted(wanted.comment)};")
    return found


def _add_column(table: PermanentTable, column: Column) -> str:
    add = f"alter table {table.full_name} add column {column.name} {column.type}"
    if column.is_required:
        # rows that are there get a placeholder until the next publication writes the real value
        placeholder = "-1" if column.name in table.foreign_keys else _PLACEHOLDERS.get(column.type, "'0'")
        add += (
            f" not null default {placeholder};\n"
            f"alter table {table.full_name} alter column {column.name} drop default"
        )
    return f"{add};\n{_comment(table.full_name, column)}"


def create_table(table: PermanentTable, kept: Collection[str] = ()) -> str:
    """DDL of a new permanent table with keys, indexes, comments and grants.

    Args:
        table: as declared.
        kept: full names of the tables whose rows are never deleted (the shared ones): foreign keys to them
            need no index, which only the check of a deletion would use (decision 8).
    """
    name = table.full_name
    lines = [f"    {c.name} {c.type}{' not null' if c.is_required else ''}" for c in table.columns]
    lines.append(f"    primary key ({', '.join(table.primary_key)})")
    parts = [f"create table {name} (\n" + ",\n".join(lines) + "\n);"]
    parts += [_foreign_key(table, column, kept) for column in table.foreign_keys]
    parts.append(f"comment on table {name} is {_quoted(table.comment)};")
    parts += [_comment(name, column) for column in table.columns]
    parts.append(f"grant select, insert, update, delete, maintain on {name} to yos_publisher;")
    if table.audience:
        parts.append(f"grant select on {name} to {', '.join(f'yos_{role}' for role in table.audience)};")
    return "\n".join(parts)


def _key_name(table: PermanentTable, column: str) -> str:
    return f"{table.name}_{column}_fkey"


def _foreign_key(table: PermanentTable, column: str, kept: Collection[str]) -> str:
    schema, target, key = table.foreign_keys[column]
    needs_index = table.primary_key[0] != column and f"{schema}.{target}" not in kept
    index = f"\ncreate index on {table.full_name} ({column});" if needs_index else ""
    return (
        f"alter table {table.full_name} add constraint {_key_name(table, column)} foreign key ({column})\n"
        f"    references {schema}.{target} ({key}) deferrable initially deferred;{index}"
    )


def _comment(name: str, column: Column) -> str:
    return f"comment on column {name}.{column.name} is {_quoted(column.comment)};"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'" if text else "null"


_PLACEHOLDERS = {"text": "''", "boolean": "false", "date": "'-infinity'"}

_TABLES = """
select c.oid, n.nspname, c.relname, coalesce(obj_description(c.oid, 'pg_class'), ''), t.unit
from pg_class as c
inner join pg_namespace as n on n.oid = c.relnamespace
left join ops.permanent_table as t on t.schema_name = n.nspname and t.table_name = c.relname
where n.nspname in ('marts', 'reports', 'restricted') and c.relkind = 'r'
    and n.nspname || '.' || c.relname <> all (%s)
order by n.nspname, c.relname
"""

_COLUMNS = """
select attname, format_type(atttypid, atttypmod), attnotnull, coalesce(col_description(attrelid, attnum), '')
from pg_attribute where attrelid = %s and attnum > 0 and not attisdropped order by attnum
"""

_PRIMARY_KEY = """
select array_agg(a.attname::text order by k.n)
from pg_constraint as c
cross join unnest(c.conkey) with ordinality as k (attnum, n)
inner join pg_attribute as a on a.attrelid = c.conrelid and a.attnum = k.attnum
where c.conrelid = %s and c.contype = 'p' group by c.oid
"""

_FOREIGN_KEYS = """
select a.attname, n.nspname, t.relname, b.attname
from pg_constraint as c
inner join pg_attribute as a on a.attrelid = c.conrelid and a.attnum = c.conkey[1]
inner join pg_attribute as b on b.attrelid = c.confrelid and b.attnum = c.confkey[1]
inner join pg_class as t on t.oid = c.confrelid
inner join pg_namespace as n on n.oid = t.relnamespace
where c.conrelid = %s and c.contype = 'f' order by a.attnum
"""

_AUDIENCE = """
select r.rolname
from pg_class as c cross join aclexplode(c.relacl) as g inner join pg_roles as r on r.oid = g.grantee
where c.oid = %s and g.privilege_type = 'SELECT'
    and r.rolname in ('yos_analyst', 'yos_finance', 'yos_practitioner')
order by r.rolname
"""
