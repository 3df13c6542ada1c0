"""What a child gives to each figure: by indicator, variant and day a numerator and a denominator."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from tests.oracle import custody, out_of_court, remand, violence
from tests.oracle import first_time_entrants as entrants
from tests.oracle.days import age_on, is_between
from tests.oracle.facts import Child
from tests.oracle.outcomes import residence_on

Contributions = dict[tuple[str, str, date], tuple[int, int]]
COUNTED_BY_CHILD = (
    ("custodial_sentences", "CHILDREN"),
    ("custodial_sentences", "APPEARED"),
    ("children_remanded", "DEFAULT"),
)


SHARES = ("custodial_sentences", "remand_secure_share", "cautions_within_days_of_panel")
INDICATORS = (
    *SHARES, "custody_rate", "remand_episodes", "children_remanded", "remand_bed_nights", "long_remands_without_custody",
    "first_time_entrants", "serious_violence_rate", "knife_offences",
)  # fmt: skip


class Sums:
    """Adds up what is counted by case; of what is counted by child a day has one at most. Only shares have denominators."""

    def __init__(self) -> None:
        self._found: Contributions = defaultdict(lambda: (0, 0))

    def found(self) -> Contributions:
        """What is not nothing."""
        return {key: counts for key, counts in self._found.items() if any(counts)}

    def add(self, indicator: str, variant: str, day: date, numerator: int, denominator: int) -> None:
        denominator = denominator if indicator in SHARES else 0
        before = self._found[indicator, variant, day]
        if (indicator, variant) in COUNTED_BY_CHILD:
            now = max(before[0], numerator), max(before[1], denominator)
        else:
            now = before[0] + numerator, before[1] + denominator
        self._found[indicator, variant, day] = now


def contributions(child: Child, as_at: date) -> Contributions:
    """All figures of one child but those of reoffending, which cohorts and checkpoints tell."""
    sums = Sums()
    _custody(child, as_at, sums)
    _remand(child, as_at, sums)
    _cautions(child, as_at, sums)
    entry = entrants.first_time_entry(child)
    if entry is not None:
        sums.add("first_time_entrants", "DEFAULT", entry.outcome_date, 1, 0)
    for proven in violence.proven(child):
        if proven.offence.is_serious_violence:
            sums.add("serious_violence_rate", "DEFAULT", proven.outcome_date, 1, 0)
        if proven.offence.is_knife_related:
            sums.add("knife_offences", "DEFAULT", proven.outcome_date, 1, 0)
    return sums.found()


def _custody(child: Child, as_at: date, sums: Sums) -> None:
    for occasion in custody.occasions(child):
        day, has_custody = occasion.occasion_date, int(occasion.is_custody_counted)
        if has_custody:
            sums.add("custody_rate", "DEFAULT", day, 1, 0)
        if occasion.is_counted:
            for variant in ("CHILDREN", "OCCASIONS", "APPEARED"):  # who is sentenced has appeared
                sums.add("custodial_sentences", variant, day, has_custody, 1)
    for day in custody.days_at_court(child, as_at):
        if custody.is_appearance(child, day):
            sums.add("custodial_sentences", "APPEARED", day, 0, 1)


def _remand(child: Child, as_at: date, sums: Sums) -> None:
    for episode in remand.episodes(child, as_at):
        if episode.remand_class != "YDA" or not episode.is_counted:
            continue
        sums.add("remand_episodes", "DEFAULT", episode.start_date, 1, 0)
        sums.add("children_remanded", "DEFAULT", episode.start_date, 1, 0)
        if episode.is_long_without_custody and episode.end_date:
            sums.add("long_remands_without_custody", "DEFAULT", episode.end_date, 1, 0)
        for quarter, nights in episode.nights_by_quarter.items():
            sums.add("remand_bed_nights", "DEFAULT", quarter, nights, 0)
    for day, (kind, _) in remand.hearing_days(child, as_at).items():
        is_child = is_between(age_on(day, child.date_of_birth), 10, 17)
        if kind in ("YDA", "RLAA", "CONDITIONAL_BAIL") and is_child and residence_on(child, day) != "OTHER":
            sums.add("remand_secure_share", "DEFAULT", day, int(kind == "YDA"), 1)


def _cautions(child: Child, as_at: date, sums: Sums) -> None:
    """A caution is given once, however many offences it is for."""
    given = {(g.asn, g.sequence): g for g in child.out_of_court}
    told: dict[tuple, set[tuple[date, int, int]]] = defaultdict(set)
    for delivery in out_of_court.deliveries(child, as_at):
        record = given[delivery.record]
        if delivery.is_caution and record.issue_date and delivery.days_to_delivery is not None:
            assert delivery.working_days_to_delivery is not None
            days = record.issue_date, delivery.days_to_delivery, delivery.working_days_to_delivery
            told[record.decision_date, out_of_court.decided(child, record)].add(days)
    for found in told.values():
        day, calendar, working = min(found)
        sums.add(
            "cautions_within_days_of_panel", "CALENDAR", day, int(calendar <= out_of_court.PANEL_DAYS), 1
        )
        sums.add("cautions_within_days_of_panel", "WORKING", day, int(working <= out_of_court.PANEL_DAYS), 1)
