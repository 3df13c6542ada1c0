"""Finance reports."""

from yos_warehouse.build.migrations import run_sql

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Run the SQL file of the same name."""
    run_sql(__file__)
