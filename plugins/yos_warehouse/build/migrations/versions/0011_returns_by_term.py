"""Returns of one school term leave those of another alone."""

from yos_warehouse.build.migrations import run_sql

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """Run the SQL file of the same name."""
    run_sql(__file__)
