"""The education early warning: its list, and its counts for the managers."""

from yos_warehouse.build.migrations import run_sql

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Run the SQL file of the same name."""
    run_sql(__file__)
