"""The arithmetic of the published plans, from children to the printed digit (domain.md 6.2 to 6.4, 6.7).

Fictional children are made for the counts that the printed figures imply, built once by the real models, and the
figures read as a person reads them. The counts are Leicestershire's or inferred from its plans; the children are not.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from tests.conftest import fresh_warehouse
from tests.oracle.days import DAY, months_after
from tests.oracle.facts import Child, Hearing, RecordedOffence, RecordedOutcome, World
from tests.oracle.records import load, worlds_rows

AS_AT = date(2026, 3, 31)
LATER = AS_AT + 3 * DAY
POPULATION = 64_000
ENTRANTS = {2016: 221, 2017: 190, 2018: 124, 2019: 126, 2020: 104, 2021: 100}  # by year of the first of April
QUARTERS_OF_2023 = {
    date(2023, 1, 10): (30, 10),
    date(2023, 5, 10): (50, 20),
    date(2023, 7, 10): (33, 12),
    date(2023, 11, 10): (22, 5),
}
YEAR_BEFORE = {date(2022, 7, 10): (45, 20)}
COHORTS_OF_88 = {date(2019, 2, 1): 31, date(2020, 2, 1): 34}
FOLLOWED_FROM = date(2021, 2, 1)


def child(day: date, outcome: str = "YOUTH_CAUTION", *, is_known_elsewhere: bool = True) -> Child:
    """A child of fifteen with one outcome on the day; known elsewhere it is no first-time entrant here."""
    offences = [RecordedOffence(1, day - 10 * DAY, "TH68010")]
    is_court = outcome not in ("YOUTH_CAUTION", "YOUTH_CONDITIONAL_CAUTION")
    outcomes = [
        RecordedOutcome(1, 1, day, outcome, residence_status="LOCAL", hearing=1 if is_court else None)
    ]
    if is_known_elsewhere:
        before = months_after(day, -24)
        offences.append(RecordedOffence(2, before, "TH68010"))
        outcomes.append(RecordedOutcome(2, 2, before, "YOUTH_CAUTION", residence_status="OTHER"))
    return Child(
        date_of_birth=months_after(day, -15 * 12) - DAY,
        offences=tuple(offences),
        outcomes=tuple(outcomes),
        hearings=(Hearing(1, day, "NA"),) if is_court else (),
    )


def reoffending(one: Child, day: date, *, is_told_later: bool = False) -> Child:
    """The same child with an offence proven elsewhere, which counts as a reoffence and opens nothing here."""
    return replace(
        one,
        offences=(*one.offences, RecordedOffence(3, day, "CJ88001")),
        outcomes=(
            *one.outcomes,
            RecordedOutcome(3, 3, day + 5 * DAY, "YOUTH_CAUTION", residence_status="OTHER", is_told_later=is_told_later),
        ),
    )  # fmt: skip


def cohort(day: date, children: int, reoffenders: int) -> list[Child]:
    """A cohort of one day, so many of whom reoffend once, 100 days later."""
    made = [child(day) for _ in range(children)]
    return [reoffending(one, day + 100 * DAY) if i < reoffenders else one for i, one in enumerate(made)]


def everybody() -> list[Child]:
    """All fixture children."""
    made: list[Child] = []
    for year, entrants in ENTRANTS.items():
        made += [child(date(year, 10, 20), is_known_elsewhere=False) for _ in range(entrants)]
    for day, (children, reoffenders) in (QUARTERS_OF_2023 | YEAR_BEFORE).items():
        made += cohort(day, children, reoffenders)
    for day, reoffenders in COHORTS_OF_88.items():
        made += cohort(day, 88, reoffenders)
    for i in range(100):
        one = child(FOLLOWED_FROM)
        if i < 71:
            one = reoffending(one, months_after(FOLLOWED_FROM, 8 if i < 60 else 11))
        elif i == 71:
            one = reoffending(one, months_after(FOLLOWED_FROM, 11), is_told_later=True)
        made.append(one)
    for day, sentences in ((date(2018, 6, 20), 5), (date(2019, 6, 20), 9)):
        made += [child(day, "DETENTION_AND_TRAINING_ORDER") for _ in range(sentences)]
    for day, custody in ((date(2024, 10, 20), 6), (date(2025, 10, 20), 5)):
        made += [
            child(day, "DETENTION_AND_TRAINING_ORDER" if i < custody else "REFERRAL_ORDER")
            for i in range(102)
        ]
    return made


@dataclass(frozen=True)
class Figures:
    """The service's figures as computed."""

    rows: dict[tuple[str, str, str], tuple[Decimal, Decimal, Decimal]]

    def value(self, indicator: str, period: str, variant: str = "DEFAULT") -> Decimal:
        """Unrounded."""
        return self.rows[indicator, variant, period][2]

    def counts(self, indicator: str, period: str, variant: str = "DEFAULT") -> tuple[int, int]:
        """Numerator and denominator."""
        numerator, denominator, _ = self.rows[indicator, variant, period]
        return int(numerator), int(denominator or 0)

    def printed(self, indicator: str, period: str, variant: str = "DEFAULT", decimals: int = 1) -> str:
        """As a plan prints it."""
        return printed(self.value(indicator, period, variant), decimals)


def printed(value: Decimal, decimals: int = 1) -> str:
    """Rounded half up, once."""
    return str(value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


def night(warehouse: Any, as_at: date) -> Figures:
    """The steps of a night up to the figures, with a population that gives the printed rates."""
    from yos_warehouse.build.dbt import run_dbt
    from yos_warehouse.orchestration import steps

    run_id = steps.open_run("nightly", "golden", as_at)
    assert run_id is not None
    steps.stage(run_id)
    warehouse.query(
        "update ref.ref_population set population_10_17 = case when district_code = 'F07000001' then %s else 10000 end",
        (POPULATION - 50_000,),
    )
    steps.identify(run_id)
    nodes = run_dbt(
        run_id, "build", ["run", "--select", "+fct_indicator_latest", "--exclude", "staging"], as_at
    )
    assert {node.status for node in nodes} == {"success"}
    steps.close_run(run_id, "succeeded")
    rows = warehouse.query(
        "select indicator_id, variant_code, period_code, numerator, denominator, value"
        " from build.fct_indicator_latest where geography_level = 'SERVICE'"
    )
    return Figures({tuple(row[:3]): tuple(row[3:]) for row in rows})


@pytest.fixture(scope="module")
def golden(code_lists_template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A warehouse with all fixture children, loaded and not yet built."""
    with fresh_warehouse(code_lists_template, tmp_path_factory.mktemp("golden")) as warehouse:
        connection = warehouse.connect()
        load(connection, worlds_rows([World((one,)) for one in everybody()]), AS_AT)
        connection.commit()
        connection.close()
        yield warehouse


@pytest.fixture(scope="module")
def figures(golden: Any) -> Figures:
    """As at the end of March 2026."""
    return night(golden, AS_AT)


def test_a_quarter_against_the_same_quarter_of_the_year_before(figures: Figures) -> None:
    """12 of 33 against 20 of 45: minus 8.1 points, not the 8.0 of the printed percentages."""
    now, before = (figures.value("reoffending_binary_rate", period) for period in ("2023Q3", "2022Q3"))
    assert figures.counts("reoffending_binary_rate", "2023Q3") == (12, 33)
    assert figures.counts("reoffending_binary_rate", "2022Q3") == (20, 45)
    assert (printed(now), printed(before), printed(now - before)) == ("36.4", "44.4", "-8.1")
    assert printed(100 * (now - before) / before) == "-18.2"
    assert printed(100 * (Decimal("36.4") - Decimal("44.4")) / Decimal("44.4")) == "-18.0"


def test_a_cohort_of_88_against_another(figures: Figures) -> None:
    now, before = (figures.value("reoffending_binary_rate", period) for period in ("2020Q1", "2019Q1"))
    assert (printed(now), printed(before), printed(now - before)) == ("38.6", "35.2", "3.4")


def test_four_quarters_are_pooled_and_not_averaged(figures: Figures) -> None:
    quarters = [figures.value("reoffending_binary_rate", f"2023Q{n}") for n in (1, 2, 3, 4)]
    assert figures.counts("reoffending_binary_rate", "12M_2023Q4") == (47, 135)
    assert figures.printed("reoffending_binary_rate", "12M_2023Q4") == "34.8"
    assert printed(sum(quarters, Decimal(0)) / 4) == "33.1"


def test_a_rate_that_grows_from_month_nine_to_month_twelve(figures: Figures) -> None:
    """A hundred children: 0.60 of a reoffence each after nine months, 0.71 after twelve."""
    assert figures.counts("local_reoffending_rate", "COHORT_2021", "INDIVIDUAL") == (71, 100)
    assert figures.printed("local_reoffending_rate", "COHORT_2021", "MONTHS_9", 2) == "0.60"
    assert figures.printed("local_reoffending_rate", "COHORT_2021", "INDIVIDUAL", 2) == "0.71"
    assert figures.printed("local_reoffending_binary_rate", "COHORT_2021") == "71.0"


def test_first_time_entrants_change_as_printed_but_for_one(figures: Figures) -> None:
    """221, 190, 124, 126, 104, 100. The plan prints -17.6 where the counts give -17.5: a baseline restated."""
    counts = [figures.value("first_time_entrants", f"FY{year}Q4") for year in ENTRANTS]
    assert [int(count) for count in counts] == list(ENTRANTS.values())
    changes = [100 * (after - before) / before for before, after in zip(counts, counts[1:], strict=False)]
    assert [printed(change) for change in changes[:4]] == ["-14.0", "-34.7", "1.6", "-17.5"]
    assert printed(changes[4], 2) == "-3.85"
    assert int(counts[3] - counts[2]) == 2  # the "(2)" of the plan


def test_a_rate_of_first_time_entrants_is_per_hundred_thousand(figures: Figures) -> None:
    assert figures.counts("first_time_entrants_rate", "12M_2022Q1") == (100, POPULATION)
    assert figures.printed("first_time_entrants_rate", "12M_2022Q1", decimals=0) == "156"


def test_custody_per_thousand_children(figures: Figures) -> None:
    """Nine and five sentences of 64,000 children: 0.14 and 0.08 per thousand, 0.06 between them."""
    now, before = (figures.value("custody_rate", period) for period in ("12M_2019Q4", "12M_2018Q4"))
    assert figures.counts("custody_rate", "12M_2019Q4") == (9, POPULATION)
    assert figures.counts("custody_rate", "12M_2018Q4") == (5, POPULATION)
    assert (printed(now, 2), printed(before, 2), printed(now - before, 2)) == ("0.14", "0.08", "0.06")


@pytest.mark.parametrize(("period", "counts", "share", "is_met"), [
    ("FY2025Q3", (5, 102), "4.9", True),
    ("FY2024Q3", (6, 102), "5.9", False),
])  # fmt: skip
def test_five_of_102_meet_the_target_and_six_do_not(
    golden: Any, figures: Figures, period: str, counts: tuple[int, int], share: str, is_met: bool
) -> None:
    assert figures.counts("custodial_sentences", period, "CHILDREN") == counts
    assert figures.printed("custodial_sentences", period, "CHILDREN") == share
    target = golden.query(
        "select target_value from ref.ref_target where indicator_id = 'custodial_sentences'"
    )[0][0]
    assert (figures.value("custodial_sentences", period, "CHILDREN") < target) is is_met


@pytest.mark.fault("D12")
def test_a_reoffence_found_later_changes_only_later_figures(golden: Any, figures: Figures) -> None:
    """Its result was recorded after the end of March: unknown then, counted as at a day after."""
    later = night(golden, LATER)
    assert figures.counts("local_reoffending_rate", "COHORT_2021", "INDIVIDUAL") == (71, 100)
    assert later.counts("local_reoffending_rate", "COHORT_2021", "INDIVIDUAL") == (72, 100)
    changed = {key for key, row in figures.rows.items() if later.rows[key] != row}
    assert {key[2] for key in changed} <= {
        "COHORT_2021",
        "2021Q1",
        "12M_2021Q1",
        "12M_2021Q2",
        "12M_2021Q3",
        "12M_2021Q4",
    }
    assert {key[0] for key in changed} <= {
        "local_reoffending_rate", "local_reoffending_binary_rate", "reoffending_binary_rate", "reoffences_per_reoffender",
        "reoffences_per_child", "reoffences_per_100_children",
    }  # fmt: skip
