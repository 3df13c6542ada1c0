"""Data quality that people act on: who was told when, what was let in again, which figures a delivery is good enough for."""

from yos_warehouse.build.migrations import run_sql

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Run the SQL file of the same name."""
    run_sql(__file__)
