"""The lines of the ledgers, month by month: spending about as planned, orders, accruals, mistakes and their correction.

What one month begins the next one ends: an order is released, an accrual taken back, a wrong journal reversed. At the year's end
periods 13 and 14 are posted in April and May. Descriptions and suppliers now and then name a child, as real ones do.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from operator import itemgetter
from random import Random

from yos_warehouse.fictional import codes, people
from yos_warehouse.fictional.amounts import between, pennies, share_out
from yos_warehouse.fictional.budget_files import GRANT, Place, fees, plan
from yos_warehouse.fictional.finance_calendar import Month, first_finance_night, first_month, month_of
from yos_warehouse.fictional.partner_files import invoices
from yos_warehouse.fictional.reserve_files import movements_made
from yos_warehouse.fictional.world import CANARY, World

SECOND_COUNCIL = "YJ400"  # the cost centre that is kept in the ledger of Rushmere
PAYROLL = ("A1000", "A1100", "A1200")
MANY_CHILDREN = 1000  # from here on the ledger has several lines for each place
SUPPLIERS: dict[str, tuple[str, str]] = {  # subjective -> what the supplier is called, its type
    "A1900": ("Staffing", "AGENCY"), "B3000": ("Travel", "COMPANY"), "B3100": ("Cars", "TRANSPORT"),
    "C4000": ("Properties", "COMPANY"), "D5000": ("Trust", "VOLUNTARY"), "D5100": ("Languages", "COMPANY"),
    "D5200": ("House", "PLACEMENT"), "E6000": ("Systems", "COMPANY"), "E6100": ("Supplies", "COMPANY"),
    "F7000": ("Council", "PUBLIC_BODY"),
}  # fmt: skip
NAMING = {  # subjective -> descriptions and suppliers that name a child
    "B3100": ("Taxi for {child} to school", "{family} Cars"),
    "D5100": ("Interpreter for {child}", "{street} Languages"),
    "D5200": ("Placement of {child}, week {number}", "Carers of {child}"),
}
ODD_TEXTS = (
    "+1 escort",
    "-2 hours credited",
    "@ court, see note",
    "Two journeys\nthere and back",
    'Said "urgent", paid late',
)
ORDERED = (("YJ100", "D5200"), ("YJ200", "D5000"), ("YJ300", "E6100"), ("YJ400", "B3100"))


@dataclass(frozen=True)
class Posting:
    """A line of a ledger; the amount is signed, spending positive and income negative."""

    journal: str
    line: int
    first: int
    period: int
    day: date
    centre: str
    subjective: str
    amount: Decimal
    text: str
    supplier: str = ""
    supplier_type: str = ""
    source: str = "AP"
    status: str = "ACTUAL"
    project: str = ""
    reverses: str = ""

    @property
    def is_second(self) -> bool:
        """Whether it is kept in the second council's ledger."""
        return self.centre == SECOND_COUNCIL

    @property
    def added_up_with(self) -> tuple[int, int, str]:
        """Financial year, period and status: what the ledger's control totals are made for."""
        return self.first, self.period, self.status


@dataclass
class Ledgers:
    """Both ledgers of a world. A month is the same whatever others were asked for."""

    world: World
    _fresh: dict[Month, list[Posting]] = field(default_factory=dict)

    def told_in(self, month: Month) -> list[Posting]:
        """All lines that the drop of a month brings, in the order of the ledger."""
        lines = list(self.fresh(month))
        journals = _Journals(month, people.rng(self.world.setting.seed, "ledger ends", month), start=9)
        since = first_month(self.world)
        if month > since:
            _end(journals, self.fresh(month.before))
            if month.month in (4, 7, 10, 1):
                _post_late(journals)
        if month.month in (4, 5) and month.first > since.first:
            _adjust(journals)
        if month == month_of(first_finance_night(self.world)):
            _post_for_canary(journals, self.world)
        return lines + journals.lines

    def sent_again(self, month: Month) -> list[Posting]:
        """The same drop a second time: one line has another amount, one is gone and one is new."""
        lines = self.told_in(month)
        source = people.rng(self.world.setting.seed, "ledger again", month)
        bought = [
            number for number, one in enumerate(lines)
            if one.source == "AP" and one.status == "ACTUAL" and one.period == month.period and not one.is_second
        ]  # fmt: skip
        changed, gone = source.sample(bought, 2)
        new = replace(lines[gone], journal=f"{lines[gone].journal}N", line=1, amount=between(source, 40, 400))
        lines[changed] = replace(lines[changed], amount=lines[changed].amount + between(source, 10, 90))
        return [one for number, one in enumerate(lines) if number != gone] + [new]

    def fresh(self, month: Month) -> list[Posting]:
        """The lines that begin in a month."""
        if month not in self._fresh:
            self._fresh[month] = _begin(self.world, month, self._children)
        return self._fresh[month]

    @cached_property
    def _children(self) -> list[tuple[date, str, str]]:
        """The children a bill may name, as the service met them."""
        return sorted(
            (life.contact, life.given, life.family)
            for life in self.world.lives
            if life.contact and life.number != CANARY
        )


@dataclass
class _Journals:
    """The journals of a month while they are written. Each ledger numbers its own."""

    month: Month
    source: Random
    start: int = 0  # first figure of the numbers
    lines: list[Posting] = field(default_factory=list)
    _numbers: Counter[str] = field(default_factory=Counter)
    _used: Counter[str] = field(default_factory=Counter)

    def number(self, kind: str, centre: str) -> str:
        """A new journal of a kind, in the ledger of a cost centre."""
        prefix = f"{'RU' if centre == SECOND_COUNCIL else ''}{kind}{self.month.year % 100:02d}{self.month.month:02d}"
        self._numbers[prefix] += 1
        return f"{prefix}{self.start}{self._numbers[prefix]:03d}"

    def post(
        self, journal: str, place: Place, amount: Decimal, text: str, day: date | None = None, **more: str
    ) -> None:
        """Add a line of this month's period to a journal; without a day on some day of it."""
        self._used[journal] += 1
        day = day or self.month.day(self.source.randint(1, 31))
        centre, subjective, project = place
        one = Posting(
            journal, self._used[journal], self.month.first, self.month.period, day,
            centre, subjective, amount, text, project=project, **more,
        )  # fmt: skip
        self.lines.append(one)


def _begin(world: World, month: Month, children: Sequence[tuple[date, str, str]]) -> list[Posting]:
    source = people.rng(world.setting.seed, "ledger", month)
    journals = _Journals(month, source)
    named = children[: bisect_right(children, month.last, key=itemgetter(0))]
    pieces = 4 if len(world.lives) >= MANY_CHILDREN else 1
    for place, planned in plan(month.first).items():
        if place[1] in codes.INCOME:
            continue
        due = pennies(planned * source.randint(9300, 10500) / 120_000)
        if place[1] in PAYROLL:
            journal = (
                f"{'RU' if place[0] == SECOND_COUNCIL else ''}PAY{month.year % 100:02d}{month.month:02d}"
            )
            for number, part in enumerate(share_out(due, [3, 2][: min(pieces, 2)]), 1):
                text = f"{codes.SUBJECTIVES[place[1]]}, group {number}"
                journals.post(journal, place, part, text, supplier="Staff", source="PAYROLL")
            continue
        if place[1] == "B3000":
            due = due.to_integral_value()
        journal = journals.number("J", place[0])
        for part in share_out(due, [source.randint(1, 9) for _ in range(pieces)]):
            text, supplier, kind = _bought(source, place[1], named)
            journals.post(journal, place, part, text, supplier=supplier, supplier_type=kind)
    _bill(journals, world)
    _order(journals, pieces)
    for centre, subjective in (("YJ100", "D5200"), ("YJ200", "D5000")):
        amount = between(source, 1000, 3000)
        journals.post(journals.number("ACC", centre), (centre, subjective, ""), amount, "Accrual of invoices",
                      source="JOURNAL", status="ACCRUAL")  # fmt: skip
    if month.month % 2 == 0:  # booked to the wrong place; the next month takes it back
        journal = journals.number("JNL", "YJ200")
        for subjective in ("D5000", "B3000"):
            journals.post(
                journal, ("YJ200", subjective, ""), between(source, 100, 900), "Recharge", source="JOURNAL"
            )
    return journals.lines


def _bought(source: Random, subjective: str, named: Sequence[tuple[date, str, str]]) -> tuple[str, str, str]:
    """Description, supplier and type of a purchase; the type is not always known."""
    street = source.choice(people.STREETS)
    called, kind = SUPPLIERS[subjective]
    if source.random() < 0.35:
        kind = ""
    if subjective in NAMING and named and source.random() < 0.6:
        _, given, family = source.choice(named)
        words = {
            "child": f"{given} {family}",
            "family": family,
            "street": street,
            "number": source.randint(1, 52),
        }
        text, supplier = (pattern.format(**words) for pattern in NAMING[subjective])
        return text, supplier, kind
    text = source.choice(ODD_TEXTS) if source.random() < 0.03 else codes.SUBJECTIVES[subjective]
    return text, f"{street} {called} Ltd", kind


def _bill(journals: _Journals, world: World) -> None:
    """What partners are billed, fees, and what goes from and to the reserves."""
    month = journals.month
    for one in invoices(world, month.first):
        if month_of(one.day) == month:
            income = "G9000" if one.contributor == GRANT else "G9100"
            journal = journals.number("AR", "YJ300")
            text = f"{one.contributor} {one.number}"
            journals.post(journal, ("YJ300", income, ""), -one.amount, text, one.day, source="AR")
    fee = -pennies(fees(month.first) / 12)
    journals.post(journals.number("AR", "YJ300"), ("YJ300", "G9200", ""), fee, "Fees", source="AR")
    for moved in movements_made(world, month):
        journal = journals.number("RES", "YJ300")
        journals.post(journal, ("YJ300", "G9300", ""), moved.made, moved.note, moved.day, source="JOURNAL")


def _order(journals: _Journals, pieces: int) -> None:
    for centre, subjective in ORDERED:
        journal = journals.number("ORD", centre)
        for _ in range(pieces):
            amount = between(journals.source, 500, 3000) / pieces
            journals.post(journal, (centre, subjective, ""), pennies(amount), "Order placed",
                          supplier=f"{journals.source.choice(people.STREETS)} Ltd", status="COMMITMENT")  # fmt: skip


def _end(journals: _Journals, before: Iterable[Posting]) -> None:
    """Release the orders of the month before, take its accruals back, reverse its wrong journal and post it rightly."""
    numbers: dict[str, str] = {}
    for one in before:
        place = one.centre, one.subjective, one.project
        if one.status in ("COMMITMENT", "ACCRUAL"):
            kind, text = ("ORD", "Order met") if one.status == "COMMITMENT" else ("ACC", "Accrual taken back")
            number = numbers.setdefault(one.journal, journals.number(kind, one.centre))
            journals.post(
                number, place, -one.amount, text, supplier=one.supplier, source=one.source, status=one.status
            )
        elif one.journal.startswith("JNL"):
            number = numbers.setdefault(one.journal, journals.number("JNL", one.centre))
            journals.post(
                number, place, -one.amount, "Recharge reversed", source="JOURNAL", reverses=one.journal
            )
            right = numbers.setdefault(f"{one.journal} right", journals.number("JNL", "YJ100"))
            journals.post(right, ("YJ100", one.subjective, ""), one.amount, "Recharge", source="JOURNAL")


def _post_late(journals: _Journals) -> None:
    """Bills of the month before that came after it was closed."""
    before = journals.month.before
    for centre, subjective in (("YJ100", "B3100"), (SECOND_COUNCIL, "D5000")):
        number = journals.number("J", centre)
        journals.post(number, (centre, subjective, ""), between(journals.source, 50, 700), "Late bill")
        journals.lines[-1] = replace(
            journals.lines[-1], first=before.first, period=before.period, day=before.last
        )


def _adjust(journals: _Journals) -> None:
    """Year-end adjustments: period 13 in April, 14 in May, both dated 31 March."""
    source, month = journals.source, journals.month
    period, last = (13, Month(month.year, 3).last) if month.month == 4 else (14, Month(month.year, 3).last)
    begin = len(journals.lines)
    moved = between(source, 800, 4000)
    number = journals.number("ADJ", "YJ100")
    journals.post(number, ("YJ100", "A1000", ""), -moved, "Recharge of the year", source="JOURNAL")
    journals.post(number, ("YJ300", "A1000", ""), moved, "Recharge of the year", source="JOURNAL")
    if period == 13:
        for place in (("YJ100", "D5200", ""), ("YJ300", "F7000", ""), ("YJ200", "D5000", "SS200")):
            journals.post(
                journals.number("J", place[0]), place, between(source, 900, 5000), "Bill of the old year"
            )
        journals.post(journals.number("ACC", "YJ300"), ("YJ300", "E6000", ""), between(source, 500, 2000), "Accrual of the year",
                      source="JOURNAL", status="ACCRUAL")  # fmt: skip
        journals.post(journals.number("J", SECOND_COUNCIL), (SECOND_COUNCIL, "B3000", ""), between(source, 50, 300),
                      "Bill of the old year")  # fmt: skip
    else:
        journals.post(journals.number("ADJ", "YJ100"), ("YJ100", "A1900", ""), -between(source, 200, 1500), "Found by the auditor",
                      source="JOURNAL")  # fmt: skip
    journals.lines[begin:] = [
        replace(one, first=month.first - 1, period=period, day=last) for one in journals.lines[begin:]
    ]


def _post_for_canary(journals: _Journals, world: World) -> None:
    """Good lines that name the canary child, one in each ledger."""
    for bad in world.bad_rows.get("ledger", []):
        for centre, subjective in (("YJ100", "D5100"), (SECOND_COUNCIL, "B3100")):
            journals.post(
                journals.number("J", centre),
                (centre, subjective, ""),
                Decimal(120),
                bad["text"],
                supplier=bad["text"],
            )
