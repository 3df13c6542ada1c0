"""School terms, and the days on which all schools make their returns."""

from __future__ import annotations

from datetime import date, timedelta

FIRST_YEAR = 2019
RETURN_DAYS = {1: (1, 18), 2: (5, 17), 3: (10, 5)}  # month and day by number of the term


def returned_on(term: str) -> date:
    """Business date of a term's return."""
    year, number = term.split("_")
    return date(int(year), *RETURN_DAYS[int(number)])


def told_on(term: str, is_mended: bool) -> date:
    """Business date of a row of the term."""
    return returned_on(term) + timedelta(days=12 if is_mended else 0)


def terms(as_at: date) -> list[str]:
    """Every term of which there is a return, oldest first."""
    every = [f"{year}_{number}" for year in range(FIRST_YEAR, as_at.year + 1) for number in (1, 2, 3)]
    return [term for term in every if returned_on(term) <= as_at]


def next_return(term: str, as_at: date) -> date | None:
    """Day of the return after that of the term; None for the newest."""
    later = [returned_on(t) for t in terms(as_at) if returned_on(t) > returned_on(term)]
    return min(later, default=None)
