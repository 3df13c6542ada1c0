"""Finance star."""

from yos_warehouse.build.migrations import run_sql

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Run the SQL file of the same name."""
    run_sql(__file__)
