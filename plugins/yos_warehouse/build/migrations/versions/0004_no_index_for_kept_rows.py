"""Foreign keys to the shared tables need no index."""

from yos_warehouse.build.migrations import run_sql

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Run the SQL file of the same name."""
    run_sql(__file__)
