"""Remand: episodes from hearings, and their nights by quarter (domain.md 1.5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from tests.oracle import codes
from tests.oracle.days import DAY, age_on, calendar_days, is_between, quarter_start
from tests.oracle.facts import Child
from tests.oracle.offences import current_messages
from tests.oracle.outcomes import Outcome, outcomes, residence_on

# Most restrictive first.
CLASSES = ("YDA", "RLAA", "CONDITIONAL_BAIL", "UNCONDITIONAL_BAIL", "NONE")
LONG_REMAND_NIGHTS = 27


@dataclass(frozen=True)
class Episode:
    """One stay on remand."""

    hearing: tuple  # of the run's first day: ("hearing", number) or ("court_message", arrest, day)
    remand_class: str
    start_date: date
    end_date: date | None
    nights: int
    nights_by_quarter: dict[date, int]
    ended_by: str | None  # legal outcome that ended it
    is_counted: bool
    is_long_without_custody: bool


def remand_class(code: str | None) -> str:
    """Class of a source's code; one nobody knows is none."""
    return codes.remand_classes().get(code or "", "NONE")


def hearing_days(child: Child, as_at: date) -> dict[date, tuple[str, tuple]]:
    """Most restrictive class of each day at court, with the hearing that says so; days to come have not been."""
    recorded: dict[date, list[tuple[int, tuple]]] = {}
    for hearing in child.hearings:
        told = (CLASSES.index(remand_class(hearing.remand_decision)), ("hearing", hearing.number))
        recorded.setdefault(hearing.hearing_date, []).append(told)
    sent: dict[date, list[tuple[int, tuple]]] = {}
    for message in current_messages(child):
        if message.hearing_date in recorded:
            continue
        results = [r.result_code for o in message.offences for r in o.results]
        ranks = [CLASSES.index(codes.remand_of_result()[r]) for r in results if r in codes.remand_of_result()]
        key = ("court_message", message.asn, message.hearing_date)
        sent.setdefault(message.hearing_date, []).append((min(ranks, default=CLASSES.index("NONE")), key))
    days = {day: min(told) for day, told in (recorded | sent).items() if day <= as_at}
    return {day: (CLASSES[rank], key) for day, (rank, key) in sorted(days.items())}


def ends_remand(outcome: Outcome) -> bool:
    """A court's disposal or its decision not to convict, if it stands."""
    return (
        outcome.kind.is_court_disposal or outcome.legal_outcome in codes.NOT_CONVICTED
    ) and not outcome.is_appealed_away


def nights_by_quarter(start: date, end: date) -> dict[date, int]:
    """Nights by first day of the quarter; the night of a day belongs to that day."""
    counts: dict[date, int] = {}
    for night in calendar_days(start, end - DAY):
        counts[quarter_start(night)] = counts.get(quarter_start(night), 0) + 1
    return counts


def episodes(child: Child, as_at: date) -> list[Episode]:
    """Runs of days at court with the same class, where that is custody or the local authority's accommodation."""
    everything = outcomes(child)
    days = [(day, *told) for day, told in hearing_days(child, as_at).items()]
    runs = [list(run) for _, run in groupby(days, key=lambda d: d[1])]
    found = []
    for i, run in enumerate(runs):
        start, kind, hearing = run[0]
        if kind not in ("YDA", "RLAA"):
            continue
        other = runs[i + 1][0][0] if i + 1 < len(runs) else None
        ending = [o for o in everything if ends_remand(o) and o.outcome_date >= run[-1][0]]
        decided = min((o.outcome_date for o in ending), default=None)
        end = min((day for day in (other, decided) if day is not None), default=None)
        by = [o for o in ending if o.outcome_date == end]
        ended_by = min(by, key=lambda o: o.order, default=None)
        nights = ((end or as_at) - start).days
        found.append(
            Episode(
                hearing=hearing,
                remand_class=kind,
                start_date=start,
                end_date=end,
                nights=nights,
                nights_by_quarter=nights_by_quarter(start, end or as_at),
                ended_by=ended_by.legal_outcome if ended_by else None,
                is_counted=is_between(age_on(start, child.date_of_birth), 10, 17)
                and residence_on(child, start) != "OTHER",
                is_long_without_custody=kind == "YDA"
                and nights > LONG_REMAND_NIGHTS
                and ended_by is not None
                and not ended_by.kind.is_custody,
            )
        )
    return found
