"""One large file of attendance marks for the benchmark, streamed."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from yos_warehouse.fictional import codes
from yos_warehouse.fictional.attendance import HEADER
from yos_warehouse.fictional.identifiers import upn

ABSENT = ("E", "I", "M", "O")
DAYS = 100  # half a school year
LAST_DAY = date(2026, 3, 27)


def write_attendance_rows(out: Path, rows: int = 1_000_000, *, changed_every: int = 0) -> Path:
    """Write ``rows`` attendance marks, two a day for each pupil; each row is FICTIONAL.

    Args:
        out: the file.
        rows: number of rows; 200 for each pupil.
        changed_every: every n-th row with another mark than without (100: one per cent changed).
    """
    every_day = (LAST_DAY - timedelta(days=back) for back in range(2 * DAYS))
    school_days = [f"{day:%d/%m/%Y}" for day in every_day if day.weekday() < 5][:DAYS]
    sessions = [(day, session) for day in school_days for session in ("AM", "PM")]
    present = dict(zip(("AM", "PM"), codes.ATTENDANCE_PRESENT, strict=True))
    written = 0
    with out.open("w", encoding="utf-8", newline="\n") as file:
        file.write(",".join(HEADER) + "\n")
        for pupil in range(-(-rows // len(sessions))):
            who = f"{upn(pupil, 2015)},999{4001 + pupil % 40}"
            lines = []
            for n, (day, session) in enumerate(sessions[: rows - written], written):
                mark = ABSENT[n % 4] if n % 12 == 0 else present[session]
                if changed_every and n % changed_every == 0:
                    mark = "L"
                lines.append(f"{who},{day},{session},{mark}\n")
            file.write("".join(lines))
            written += len(lines)
    return out
