"""The change report: figures with the keys of before a night beside those of after it."""

from yos_warehouse.build.migrations import run_sql

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Run the SQL file of the same name."""
    run_sql(__file__)
