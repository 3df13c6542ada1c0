"""Migrations: ordered SQL files with a few lines of Python beside each, run by alembic."""

from __future__ import annotations

from pathlib import Path

from alembic import op

from yos_warehouse.errors import YosError


def run_sql(revision_file: str) -> None:
    """Run the .sql file that lies beside a revision, in the migration's transaction.

    Raises:
        YosError: MIGRATION with the file's name and the database's words (DDL only, no record's values).
    """
    path = Path(revision_file).with_suffix(".sql")
    # psycopg2 without parameters sends the text as it is: a per cent sign stays one
    cursor = op.get_bind().connection.cursor()
    try:
        cursor.execute(path.read_text("utf-8"))
    except Exception as problem:
        words = f"{path.name}: {str(problem).strip()}"
        raise YosError("MIGRATION", words, "correct the migration") from None
    finally:
        cursor.close()
