"""docs/faults.md: each fault, what must come of it, and the tests that show it with their newest result.

``python -m tests.fault_table`` writes it from tests/faults.yml, the marks and var/faults.json. A test that has not run here
since keeps the result that the page has of it.
"""

from __future__ import annotations

import re

from tests.faults import lines, marked, results
from tests.soak import ROOT

PAGE = ROOT / "docs" / "faults.md"
HEADINGS = {"F": "Files", "D": "Rows and their meaning", "R": "Running", "A": "Alerts"}
_TOLD = re.compile(r"`(tests/[^`]+)` ([^<|]+?)(?=<br>| \|)")
NOT_YET = "no result yet"


def told() -> dict[str, str]:
    """Test -> what the page says of its result."""
    return dict(_TOLD.findall(PAGE.read_text("utf-8"))) if PAGE.exists() else {}


def page() -> str:
    """The page as it should be."""
    before, now = told(), results()

    def said(test: str) -> str:
        if test in now:
            return f"{now[test]['outcome']} {now[test]['day']} at {now[test]['commit']}"
        return before.get(test, NOT_YET)

    parts = [
        "# What may go wrong, and the test that shows what comes of it",
        "",
        "Made by `python -m tests.fault_table` from `tests/faults.yml`, the marks on the tests and their newest results.",
        "All data is FICTIONAL. Tests that take long run in `make soak` only.",
    ]
    for letter, heading in HEADINGS.items():
        parts += [
            "",
            f"## {heading}",
            "",
            "| Code | What happens | What must come of it | Shown by |",
            "|---|---|---|---|",
        ]
        for code, line in lines().items():
            if code.startswith(letter):
                tests = "<br>".join(f"`{test}` {said(test)}" for test in marked().get(code, []))
                parts.append(f"| {code} | {line['fault']} | {line['outcome']} | {tests} |")
    return "\n".join([*parts, ""])


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
