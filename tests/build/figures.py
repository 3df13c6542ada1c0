"""A small world of figures: the tables that publication freezes values from, with rows made by hand. All FICTIONAL.

Two indicators: ``cautions`` counts children (share of the children seen), ``nights`` sums over cases per 1,000 of the
population. Two quarters and the year they lie in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from tests.build.conftest import FIRST_NIGHT, TABLES, Stage, set_up
from yos_warehouse.build.permanent import Column, PermanentTable
from yos_warehouse.build.publish import publish
from yos_warehouse.server.migrate import MIGRATIONS

LOOKED_AT = [MIGRATIONS / "versions" / f"{name}.sql" for name in ("0007_explained", "0010_early_warning")]
Q3, Q4, YEAR = "2025Q3", "2025Q4", "2025YEAR"
POPULATION = 1000


def _table(schema: str, name: str, key: str, columns: str, audience: tuple[str, ...]) -> PermanentTable:
    pairs = [column.split(" ", 1) for column in columns.split(", ")]
    made = tuple(Column(n, t, n in key.split(", "), "For tests") for n, t in pairs)
    return PermanentTable(schema, name, "children", made, tuple(key.split(", ")), {}, audience, "For tests.")


OPEN = ("analyst", "practitioner")
FIGURE_TABLES = (
    _table(
        "restricted", "figure_case", "indicator_id, variant_code, case_key",
        "indicator_id text, variant_code text, case_key text, case_date date, person_key bigint, case_reference text, "
        "geography_key text, fact_key bigint, fact_date date, numerator numeric, denominator numeric, is_in boolean, "
        "reason_code text, service_code text", (),
    ),
    _table("restricted", "tracker", "person_key", "person_key bigint, child_name text, date_of_birth date", ()),
    _table("restricted", "tracker_reoffence", "offence_key", "offence_key bigint, person_key bigint", ()),
    _table(
        "restricted", "eet_attention", "person_key, attention_code, subject_key, due_date, attention_number",
        "person_key bigint, attention_code text, subject_key bigint, due_date date, attention_number integer, "
        "case_reference text, given_name text, family_name text, team_code text, district_name text, detail_code text, "
        "detail_count integer, source_code text, provision_type_code text, other_source_code text, "
        "other_provision_type_code text, order_end_expected date, service_code text", (),
    ),
    _table("marts", "dim_geography", "geography_key", "geography_key text, team_code text", OPEN),
    _table(
        "marts", "dim_period", "period_code",
        "period_code text, period_kind text, period_name text, first_day date, last_day date, service_code text", OPEN,
    ),
    _table(
        "marts", "dim_indicator", "indicator_id, variant_code",
        "indicator_id text, variant_code text, version integer, indicator_name text, unit text, scale numeric, "
        "decimals integer, polarity text, is_part boolean, contributor_code text, source_basis text, "
        "is_default_variant boolean, period_kinds text, is_per_population boolean, page text", OPEN,
    ),
    _table(
        "marts", "fct_indicator_latest", "indicator_id, variant_code, period_code, geography_level, geography_code",
        "indicator_id text, variant_code text, period_code text, geography_level text, geography_code text, "
        "numerator numeric, denominator numeric, value numeric, interval_low numeric, interval_high numeric, "
        "population_10_17 numeric, population_mid_year integer, population_released_on date, due_date date, "
        "is_due boolean, source_basis text, service_code text", OPEN,
    ),
)  # fmt: skip
PERIODS = {
    Q3: ("QUARTER", "July to September 2025", date(2025, 7, 1), date(2025, 9, 30)),
    Q4: ("QUARTER", "October to December 2025", date(2025, 10, 1), date(2025, 12, 31)),
    YEAR: ("ROLLING_YEAR", "2025", date(2025, 1, 1), date(2025, 12, 31)),
}
INDICATORS = {
    "cautions": ("Children cautioned, of children seen", "pct", 100, 1, "lower_is_better", True, "CHILD"),
    "nights": ("Nights in custody", "per_1000", 1000, 2, "lower_is_better", False, "CASE"),
}


@dataclass(frozen=True)
class Case:
    """One case; numbered, with its child."""

    number: int
    child: int
    day: date
    numerator: int = 0
    denominator: int = 1
    reason: str = "IN"
    indicator: str = "cautions"
    variant: str = "LOCAL"

    def row(self) -> tuple[Any, ...]:
        is_in = self.reason == "IN"
        counts = (self.numerator, None if self.indicator == "nights" else self.denominator)
        return (
            self.indicator, self.variant, f"case {self.number}", self.day, self.child, f"CMS{self.child:04d}",
            "D1", 100 + self.number, self.day, *(counts if is_in else (0, 0)), is_in, self.reason, "s",
        )  # fmt: skip

    def but(self, **changes: Any) -> Case:
        """The same with something else known about it."""
        return replace(self, **changes)


@dataclass(frozen=True)
class Warned:
    """A row of the education list: a child and why."""

    child: int
    code: str = "NO_RECORD"
    team: str = "NORTH"
    due: date = date(2026, 3, 1)
    detail: str | None = None
    count: int | None = None
    says: tuple[str | None, ...] = ("NOT_KNOWN", "NOT_KNOWN", None, None)

    def row(self) -> tuple[Any, ...]:
        return (
            self.child, self.code, 0, self.due, 1, f"CMS{self.child:04d}", f"Child{self.child}", "Canarybird", self.team,
            "Alderbrook", self.detail, self.count, *self.says, None, "s",
        )  # fmt: skip


@dataclass
class Figures:
    """Nights over cases; what dbt would compute of them is computed here, the plain way."""

    stage: Stage
    version: int = 1
    warned: Sequence[Warned] = ()
    population: int = POPULATION
    due: dict[str, date] = field(
        default_factory=lambda: {Q3: date(2025, 10, 15), Q4: date(2026, 1, 15), YEAR: date(2026, 1, 15)}
    )

    @property
    def warehouse(self) -> Any:
        return self.stage.warehouse

    def rows(self, cases: Iterable[Case], as_at: date) -> dict[str, list[tuple]]:
        """Content of every table of the build."""
        cases = list(cases)
        latest = []
        for indicator, (_, _, scale, _, _, _, contributor) in INDICATORS.items():
            for period, (_, _, first, last) in PERIODS.items():
                parts: dict[Any, tuple[int, int]] = {}
                for case in cases:
                    if case.indicator == indicator and first <= case.day <= last and case.reason == "IN":
                        key = case.child if contributor == "CHILD" else case.number
                        n, d = parts.get(key, (0, 0))
                        parts[key] = max(n, case.numerator), max(d, case.denominator)
                n = sum(part[0] for part in parts.values())
                of_population = indicator == "nights"
                d = self.population if of_population else sum(part[1] for part in parts.values())
                value = Decimal(n * scale) / d if d else None
                due = self.due[period]
                for level in ("SERVICE", "AREA"):
                    latest.append(
                        (indicator, "LOCAL", period, level, "s", n, d, value, None, None,
                         self.population if of_population else None, 2024 if of_population else None, None,
                         due, as_at >= due, "LOCAL_CMS", "s")
                    )  # fmt: skip
        return {
            **FIRST_NIGHT,
            "figure_case": [case.row() for case in cases],
            "tracker": [(1, "Ada Canarybird", date(2010, 2, 28)), (2, "Ben Canarybird", date(2011, 3, 1))],
            "tracker_reoffence": [(7, 1)],
            "eet_attention": [warned.row() for warned in self.warned],
            "dim_geography": [("D1", "NORTH"), ("D2", "SOUTH"), ("-1", "-1")],
            "dim_period": [(code, *words, "s") for code, words in PERIODS.items()],
            "dim_indicator": [
                (name, "LOCAL", self.version, words, unit, scale, decimals, polarity, part, contributor, "LOCAL_CMS", True, "QUARTER ROLLING_YEAR", name == "nights", name)
                for name, (words, unit, scale, decimals, polarity, part, contributor) in INDICATORS.items()
            ],
            "fct_indicator_latest": latest,
        }  # fmt: skip

    def night(self, cases: Iterable[Case], as_at: date) -> int:
        """Build and publish; the id of the run."""
        run_id = self.stage.open_run(as_at)
        self.stage.build(run_id, self.rows(cases, as_at))
        publish(run_id)
        return run_id

    def build_past(self, cases: Iterable[Case], day: date) -> str:
        """What `yos as-at` leaves behind; the schema."""
        from yos_warehouse.build import dbt

        schema = f"build_as_at_{day:%Y%m%d}"
        dbt._empty_schema(schema)
        run_id = self.stage.open_run(day)
        self.stage.build(run_id, self.rows(cases, day), schema=schema)
        return schema


def set_up_figures(warehouse: Any) -> Figures:
    """The stage with figures, and the migrations of the looks over them."""
    stage = set_up(warehouse, (*TABLES, *FIGURE_TABLES))
    connection = warehouse.connect("migrator")
    with connection.cursor() as cursor:
        cursor.execute("set role yos_owner")
        for path in LOOKED_AT:
            cursor.execute(path.read_text("utf-8"))
    connection.commit()
    connection.close()
    return Figures(stage)


# Three children in the third quarter and two in the fourth; child 1 has two cases in the third.
CASES = [
    Case(1, 1, date(2025, 7, 3)),
    Case(2, 1, date(2025, 8, 3), 1),
    Case(3, 2, date(2025, 7, 9)),
    Case(4, 3, date(2025, 9, 30), 1),
    Case(5, 4, date(2025, 7, 1), reason="LIVING_ELSEWHERE"),
    Case(6, 1, date(2025, 10, 1), 1),
    Case(7, 5, date(2025, 12, 31)),
    Case(8, 2, date(2025, 8, 8), 12, indicator="nights"),
    Case(9, 2, date(2025, 8, 20), 5, indicator="nights"),
    Case(10, 6, date(2025, 8, 9), 3, reason="AGE", indicator="nights"),
]
