"""Questions about identity: shown to practitioners through functions that log each look, counted for those who tell of them."""

from yos_warehouse.build.migrations import run_sql

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Run the SQL file of the same name."""
    run_sql(__file__)
