"""Who stands behind a figure, and what became of published values."""

from yos_warehouse.build.migrations import run_sql

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Run the SQL file of the same name."""
    run_sql(__file__)
