"""Who is who: persons with keys that look random, evidence of links, decisions, the queue, and what became of keys."""

from yos_warehouse.build.migrations import run_sql

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Run the SQL file of the same name."""
    run_sql(__file__)
