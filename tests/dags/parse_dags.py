"""Parses the DAG files as the DAG processor does and writes what it found as JSON; a process of its own."""

from __future__ import annotations

import json
import sys
from pathlib import Path


def main() -> None:
    """Print DAGs as Airflow stores them, import errors, and heavy modules that came along."""
    before = set(sys.modules)
    from airflow.dag_processing.dagbag import DagBag
    from airflow.serialization.serialized_objects import DagSerialization

    folder = Path(sys.argv[1])
    came_with_airflow = set(sys.modules) - before
    bag = DagBag(folder)
    came_with_ours = {name.split(".")[0] for name in set(sys.modules) - came_with_airflow - before}
    ours = sorted(name for name in sys.modules if name.startswith("yos_warehouse."))
    from airflow._shared.module_loading.file_discovery import find_path_from_directory

    found = {
        "dags": {name: DagSerialization.to_dict(dag) for name, dag in bag.dags.items()},
        "docs": {name: dag.doc_md for name, dag in bag.dags.items()},
        "errors": {Path(name).name: text for name, text in bag.import_errors.items()},
        "modules": sorted(came_with_ours),
        "ours": ours,
        "plugins": sorted(find_path_from_directory(str(folder.parent / "plugins"), ".airflowignore", "glob")),
    }
    Path(sys.argv[2]).write_text(json.dumps(found, sort_keys=True, default=str))


if __name__ == "__main__":
    main()
