"""Control totals of each load; more spellings of money."""

from yos_warehouse.build.migrations import run_sql

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Run the SQL file of the same name."""
    run_sql(__file__)
