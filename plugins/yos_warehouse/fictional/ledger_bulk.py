"""One large file of ledger postings for the benchmark, streamed."""

from __future__ import annotations

from calendar import monthrange
from decimal import Decimal
from pathlib import Path

from yos_warehouse.fictional import codes

HEADER = (
    "Journal", "Line", "Financial year", "Period", "Posting date", "Cost centre", "Subjective", "Project", "Description",
    "Supplier", "Source", "Status", "Amount",
)  # fmt: skip
LINES = 50  # of a journal
YEARS = tuple(range(2016, 2026))
SOURCES = ("AP", "AP", "AR", "JOURNAL", "PAYROLL")
STATUSES = ("ACTUAL",) * 8 + ("ACCRUAL", "COMMITMENT")
PROJECTS = ("", "", "", "SS100")


def ledger_amount(number: int, *, is_changed: bool = False) -> Decimal:
    """What the n-th posting comes to; a fifth of them are taken off."""
    pence = number * 7919 % 2_000_003 + is_changed
    return Decimal(-pence if number % 5 == 0 else pence) / 100


def write_ledger_rows(out: Path, rows: int = 1_000_000, *, changed_every: int = 0) -> Path:
    """Write ``rows`` postings of ten years, fifty to a journal, every period among them; each row is FICTIONAL.

    Args:
        out: the file.
        rows: number of rows.
        changed_every: every n-th row with another amount than without (100: one per cent changed).
    """
    subjectives, centres = tuple(codes.SUBJECTIVES), tuple(codes.COST_CENTRES)
    with out.open("w", encoding="utf-8", newline="\n") as file:
        file.write(",".join(HEADER) + "\n")
        for journal in range(-(-rows // LINES)):
            year, period = YEARS[journal % len(YEARS)], journal // len(YEARS) % 14 + 1
            month = (min(period, 12) + 2) % 12 + 1
            calendar_year = year + (month < 4)
            last = monthrange(calendar_year, month)[1]
            name = f"J{journal:07d},"
            dated = f",{year}/{(year + 1) % 100:02d},{period},"
            lines = []
            for n in range(journal * LINES, min(rows, (journal + 1) * LINES)):
                amount = ledger_amount(n, is_changed=bool(changed_every and n % changed_every == 0))
                shown = f"({-amount})" if amount < 0 else f"{amount}"
                lines.append(
                    f"{name}{n % LINES + 1}{dated}{1 + n % last:02d}/{month:02d}/{calendar_year},{centres[n % len(centres)]},"
                    f"{subjectives[n % len(subjectives)]},{PROJECTS[n % 4]},FICTIONAL line {n},FICTIONAL supplier {n % 900},"
                    f"{SOURCES[n % 5]},{STATUSES[n % 10]},{shown}\n"
                )
            file.write("".join(lines))
    return out
