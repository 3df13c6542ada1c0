"""Airflow's scheduler, with what the tasks import imported before it starts: ``python -m`` this module.

The LocalExecutor's workers are forks of the scheduler, and tasks forks of the workers. What it has imported
they need not: Great Expectations alone takes four seconds of each load, and the loads run side by side.
"""

from __future__ import annotations

import sys

WORDS = ("scheduler", "--skip-serve-logs")


def preload() -> None:
    """Import what the steps of a night use; nothing is connected or started."""
    import yos_warehouse.build.publish
    import yos_warehouse.door.load
    import yos_warehouse.identity.crosswalk
    import yos_warehouse.sources.case_system
    import yos_warehouse.telling.incidents  # noqa: F401
    from yos_warehouse.door.great_expectations_gate import warm_up

    warm_up()


def main() -> None:
    """Run the scheduler until it is stopped."""
    preload()
    from airflow.__main__ import main as airflow

    import yos_warehouse.orchestration.tasks  # noqa: F401

    sys.argv = ["airflow", *WORDS]
    airflow()


if __name__ == "__main__":
    main()
