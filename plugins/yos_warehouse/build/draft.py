"""``yos migration``: the change of the permanent tables that the models ask for, as the next revision."""

from __future__ import annotations

import re
from pathlib import Path

from yos_warehouse.build.dbt import manifest, parse_project
from yos_warehouse.build.permanent import Difference, PermanentTable, compare, declared
from yos_warehouse.errors import UsageError
from yos_warehouse.server.connect import transaction
from yos_warehouse.server.migrate import MIGRATIONS, head, migrate

VERSIONS = MIGRATIONS / "versions"

_PYTHON = '''"""{title}."""

from yos_warehouse.build.migrations import run_sql

revision = "{revision}"
down_revision = "{before}"


def upgrade() -> None:
    """Run the SQL file of the same name."""
    run_sql(__file__)
'''


def draft_migration(name: str = "marts", versions: Path = VERSIONS) -> Path | None:
    """Write the next revision from the difference between the models and the migrated database.

    Args:
        name: words for the file's name.
        versions: where revisions lie.

    Returns:
        The SQL file, to be read before it is committed; None when models and tables agree.

    Raises:
        UsageError: the name is no plain word.
        YosError: MODEL_META, or dbt cannot parse the project.
    """
    slug = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    if not slug:
        raise UsageError("NAME", "the migration's name has no letter in it", "for example: add_fct_hearing")
    migrate()
    parse_project()
    with transaction("publisher") as connection, connection.cursor() as cursor:
        tables = declared(manifest(), cursor)
        differences = compare(tables, cursor)
    if not differences:
        return None
    before = head()
    revision = f"{int(before) + 1:04d}"
    path = versions / f"{revision}_{slug}.sql"
    path.write_text(draft_sql(differences, tables, revision), "utf-8")
    title = name.replace("_", " ").strip().capitalize()
    path.with_suffix(".py").write_text(_PYTHON.format(title=title, revision=revision, before=before), "utf-8")
    return path


def draft_sql(differences: list[Difference], tables: list[PermanentTable], revision: str) -> str:
    """The revision's SQL: one block for each table that changes, and its row in ops.permanent_table."""
    parts = ["-- Drafted by `yos migration` from the models; runs as role yos_owner."]
    units = {table.full_name: table for table in tables}
    for name in dict.fromkeys(difference.table for difference in differences):
        own = [difference for difference in differences if difference.table == name]
        parts.append(f"-- {'-' * 60} {name}\n" + "\n".join(difference.statement for difference in own))
        table = units.get(name)
        if table and any(difference.kind == "structure" for difference in own):
            parts.append(
                f"insert into ops.permanent_table (schema_name, table_name, unit, migration)\n"
                f"values ('{table.schema}', '{table.name}', '{table.unit}', '{revision}')\n"
                "on conflict (schema_name, table_name) do update\n"
                "set unit = excluded.unit, migration = excluded.migration;"
            )
    return "\n\n".join(parts) + "\n"
