"""``python -m yos_warehouse`` is ``yos``."""

from yos_warehouse.cli import main

raise SystemExit(main())
