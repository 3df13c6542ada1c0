"""Small worlds of education: few children, dates crowded on the edges of every rule, every reason common.

All chance comes from one seed of hypothesis's for each child, so that a seed and a number give a world again. Few records of a child
are alike and there are many of them: choosing each by itself would take hypothesis longer than the models take to build.
"""

from __future__ import annotations

from datetime import date
from random import Random
from typing import Any

from hypothesis import strategies as st

from tests.oracle.days import DAY, birthday, months_after
from tests.oracle.education import codes
from tests.oracle.education.facts import (
    CURRENT,
    FORMER,
    OF_THE_FIRST_CHILD,
    Activity,
    Attended,
    Care,
    Child,
    Exclusion,
    Leaver,
    Mark,
    Need,
    OnRoll,
    Order,
    Placement,
    Plan,
    Transfer,
    World,
    YoungPerson,
)  # fmt: skip
from tests.oracle.education.school_age import school_age_end
from tests.oracle.education.terms import returned_on, terms
from tests.oracle.facts import RecordedOutcome, Residence
from tests.oracle.strategies import few_children

KINDS = (*codes.KINDS, *codes.KPI_KINDS[:4], "CUSTODIAL_SENTENCE", "REFERRAL_ORDER", "A_NEW_ORDER")
END_REASONS = (
    "COMPLETED", "COMPLETED", "COMPLETED", "COMPLETED", "REVOKED_GOOD_PROGRESS", None, "REVOKED_BREACH",
    "TRANSFERRED_OUT", "DECEASED", "A_NEW_REASON",
)  # fmt: skip
PROVISIONS = (
    "MAINSTREAM_SCHOOL", "MAINSTREAM_SCHOOL", "PUPIL_REFERRAL_UNIT", "COLLEGE", "FULL_TIME_EMPLOYMENT", "TRAINEESHIP",
    "NONE", "NONE", "OTHER", None, "A_NEW_KIND",
)  # fmt: skip
SUITABILITIES = ("SUITABLE",) * 7 + ("UNSUITABLE", "UNKNOWN", None, "PERHAPS")
HOURS = (
    "25", "25", "25", "16", "16", "15.99", "24.99", "8", "9", "12.5", "10", "15", "0", "0", "30", "60", "60.01", "61",
    "999", "-1", None, None, "many",
)  # fmt: skip
GOOD_HOURS = ("25", "25", "16", "16", "9", "24.99", "15.99", None, None)
ACTIVITIES = (
    "210", "230", "230", "250", "260", "290", "310", "330", "360", "410", "450", "530", "540", "550", "610", "619",
    "619", "640", "710", "810", "820", "830", "999",
)  # fmt: skip
MARKS = (
    "/", "/", "\\", "\\", "/", "L", "L", "B", "K", "P", "C", "C2", "C2", "I", "E", "G", "O", "U", "Q", "Y1", "Y5", "Y5", "D",
    "X", "#", "H", "J", "Y", "QQ",
)  # fmt: skip
GOOD_MARKS = ("/", "\\", "L", "B", "/", "\\", "W", "C2", "Y5")
SEN = ("N", "N", "K", "K", "E", "E", "S", "A", None, "W")
CATEGORIES = ("SUSP", "SUSP", "FIXD", "PERM", "LNCH")
REASONS = ("PP", "VA", "DB", "OT", None)
CARE = ("J1", "J1", "J2", "C2", "V2", None)
APPEALS = (None, "NOT_APPEALED", "CHANGED_ON_APPEAL", "APPEAL_SUCCESSFUL", "APPEAL_SUCCESSFUL")
DISTRICTS = ("F07000001", "F06000001", "F07000099", "F07000099", None)
FIRST_KPI_DAY = date(2023, 4, 1)
# Numbers too great to be in anybody's code: hypothesis favours those it finds there, and then a seed would give other
# worlds where other tests ran before. Ranges of 24 bits are drawn evenly.
_PARTS = st.integers(2**80, 2**80 + 2**24 - 1)
CHANCES = st.tuples(_PARTS, _PARTS).map(lambda parts: Random(parts[0] << 32 ^ parts[1]))
CODE_CHANGE = date(2024, 8, 19)


def _ends_of_orders(as_at: date) -> list[list[date]]:
    """Days on which some rule turns, by the rule."""
    turns = [
        [  # quarters
            months_after(date(as_at.year, 1, 1), 3 * n) - m * DAY for n in range(-9, 4) for m in (0, 1, 40)
        ],
        [  # the end of school age
            school_age_end(date(year - 16, 1, 1)) + n * DAY
            for year in range(2020, as_at.year + 1)
            for n in (-1, 0, 1)
        ],
        [  # schools closed and opened
            day
            for first, last in codes.CLOSURES
            for day in (first - DAY, first, first + (last - first) // 2, last, last + DAY)
        ],
        [returned_on(term) - n * DAY for term in terms(as_at)[-5:] for n in (0, 0, 1)],
        [FIRST_KPI_DAY - DAY, FIRST_KPI_DAY, CODE_CHANGE - DAY, CODE_CHANGE],
        [as_at, as_at, as_at - DAY],
    ]
    return [[day for day in days if day <= as_at] for days in turns]


class _Life:
    """What is delivered of one child, as it comes together.

    Attributes:
        is_orderly: placements are judged suitable and have hours, or nothing would ever be suitable.
    """

    def __init__(self, chance: Random, as_at: date) -> None:
        self.chance, self.as_at, self.terms = chance, as_at, terms(as_at)
        self.is_orderly = self.often(40)
        self.anchor = self.one(self.one(_ends_of_orders(as_at)))
        self.orders = self._orders()
        self.born = self._born()
        self.days = [day for o in self.orders for day in (o.start_date, o.end_date, o.end_date) if day] + [
            as_at
        ]
        if self.often(15) and self.born:
            self.days.append(school_age_end(self.born))

    def one(self, choices: Any) -> Any:
        """One of them; what stands there twice is twice as likely."""
        return self.chance.choice(choices)

    def often(self, percent: int) -> bool:
        """True for about so many of a hundred."""
        return self.chance.randrange(100) < percent

    def number(self, least: int, most: int) -> int:
        """One of the range, both ends included."""
        return self.chance.randint(least, most)

    def near(self) -> date:
        """A day on the edge of some rule."""
        return self.one(self.days) + self.one((0, 0, 0, 0, -1, 1, -13, 13, -14, 14, -60, 60)) * DAY

    def before(self) -> date:
        """A day, or some time before one."""
        return self.near() - self.one((0, 0, 1, 12, 13, 14, 30, 200, 500)) * DAY

    def spell(self) -> tuple[date, date | None]:
        """A spell; now and then it ends before it starts."""
        order = self.one(self.orders)
        if self.often(35) and order.end_date and order.end_date > order.start_date:  # changes while it runs
            middle = order.start_date + self.number(0, (order.end_date - order.start_date).days) * DAY
            if self.often(50):
                return order.start_date - self.one((0, 1, 30)) * DAY, middle
            return middle, self.one((None, order.end_date, order.end_date + 30 * DAY))
        start = self.before()
        if self.often(15):  # hardly long enough, or not, to contradict anybody
            return start, start + self.one((12, 13)) * DAY
        if self.often(40):
            return start, None
        end = self.near()
        return start, end if end >= start or self.often(15) else start + self.number(0, 60) * DAY

    # orders

    def _orders(self) -> tuple[Order, ...]:
        found: list[Order] = []
        for number in range(1, self.one((1, 1, 2, 2, 3, 4)) + 1):
            end = self.anchor + self.one((0, 0, 0, -1, 1, -5, -20, -45, 20)) * DAY
            if found and self.often(50):
                end = self.one([o.end_date for o in found if o.end_date] or [end])
            start = end - self.one((0, 1, 13, 30, 100, 180, 365, 365, -1, -20)) * DAY
            kind = self.one(KINDS) if self.often(60) else self.one(codes.KPI_KINDS)
            if found and self.often(45):
                kind = found[-1].kind
            offences = tuple(n for n in (1, 2, 3) if self.often(45))
            found.append(
                Order(number, start, None if self.often(7) else end, kind, self.one(END_REASONS), offences)
            )
        return tuple(found)

    def _born(self) -> date | None:
        kind = self.number(0, 14)
        order = self.one(self.orders)
        day = order.end_date or self.as_at
        if kind == 0:
            return None
        if kind <= 5:  # school age ends in the June of the day, or of the years beside it
            year = day.year - self.one((16, 16, 16, 17, 15))
            return date(year, 1, 1) + self.one((-123, -122, 0, 100, 241, 242, 243)) * DAY
        if kind == 6:  # born on 29 February
            leap = [y for y in range(day.year - 19, day.year - 9) if y % 4 == 0]
            born = date(self.one(leap), 2, 29)
            if self.often(60):
                self._turn(order, born)
            return born
        if kind <= 8:  # on the edge of an age when the order began
            return months_after(order.start_date, -12 * self.one((10, 18))) + self.number(-1, 1) * DAY
        return months_after(day, -12 * self.number(11, 18)) - self.number(0, 300) * DAY

    def _turn(self, order: Order, born: date) -> None:
        """Let the order begin on the edge of an age."""
        edge = birthday(born, self.one((10, 18))) + self.one((-2, -1, -1, 0, 0)) * DAY
        if edge <= self.as_at and order.end_date and edge <= order.end_date:
            others = [o for o in self.orders if o is not order]
            moved = Order(order.number, edge, order.end_date, order.kind, order.end_reason, order.offences)
            self.orders = tuple(sorted([*others, moved], key=lambda o: o.number))

    def outcomes(self) -> tuple[RecordedOutcome, ...]:
        """Of the offences orders were made for."""
        found = []
        for offence in (1, 2, 3):
            for _ in range(self.one((0, 1, 1, 2, 2, 3))):
                found.append(
                    RecordedOutcome(
                        len(found) + 1, offence, self.anchor - self.one((0, 0, 100, 100, 101, 400)) * DAY,
                        "REFERRAL_ORDER", self.one(APPEALS), is_told_later=self.often(4),
                    )
                )  # fmt: skip
        return tuple(found)

    def residences(self) -> tuple[Residence, ...]:
        """Address spells, each with a first day of its own."""
        starts = sorted({self.before() - self.one((0, 1000)) * DAY for _ in range(self.one((0, 1, 1, 2)))})
        return tuple(
            Residence(n, start, None if self.often(50) else max(start, self.near()), self.one(DISTRICTS))
            for n, start in enumerate(starts, 1)
        )

    # the case system's education, needs and care

    def placements(self) -> tuple[Placement, ...]:
        """Now and then none at all, so that others are heard."""
        found = []
        for number in range(1, self.one((0, 0, 0, 1, 1, 2, 2, 3, 4)) + 1):
            start, end = self.spell()
            if found and self.often(20):
                start = found[-1].start_date
                end = None if end and end < start else end
            is_good = self.is_orderly and self.often(85)
            hours = GOOD_HOURS if is_good else HOURS
            found.append(
                Placement(
                    number, start, end, self.one(PROVISIONS), "SUITABLE" if is_good else self.one(SUITABILITIES),
                    self.one(hours), self.one(hours), self.often(4),
                )
            )  # fmt: skip
        if self.often(55):  # one on the day an order ended, however it was judged
            day = self.one(self.orders).end_date or self.as_at
            judged = self.one(("SUITABLE", "UNSUITABLE", "UNKNOWN"))
            until = self.one((None, day, day + DAY))
            kind, hours = self.one(PROVISIONS[:5]), self.one(("25", "16", "25", None))
            found.append(Placement(len(found) + 1, day - 30 * DAY, until, kind, judged, "25", hours))
        return tuple(found)

    def needs(self) -> tuple[Need, ...]:
        """The case system's word on needs."""
        return tuple(
            Need(n, *self.spell(), self.one((None, False, True, True)), self.one((None, False, False, True)))
            for n in range(1, self.one((0, 0, 1, 2)) + 1)
        )

    def plans(self) -> tuple[Plan, ...]:
        """The authority's plans."""
        found = []
        for number in range(1, self.one((0, 0, 0, 1, 2)) + 1):
            start, end = self.spell()
            upn = self.one((CURRENT, CURRENT, CURRENT, FORMER, None))
            found.append(Plan(number, None if self.often(5) else start, end, upn, not self.often(10)))
        return tuple(found)

    def care(self) -> tuple[Care, ...]:
        """Spells in care."""
        return tuple(Care(n, self.one(CARE), *self.spell()) for n in range(1, self.one((0, 0, 1, 1, 2)) + 1))

    # schools

    def census(self) -> dict[str, Any]:
        """Returns of up to two schools with the child on roll, gone, or gone without a word; and its exclusions."""
        on_roll: list[OnRoll] = []
        leavers: list[Leaver] = []
        returns: list[tuple[str, int]] = []
        attended: dict[tuple[int, int, date | None], Attended] = {}
        for school in range(1, self.one((0, 0, 1, 1, 2)) + 1):
            entry = None if self.often(4) else self.before() - self.one((0, 0, 300, 900)) * DAY
            listed = self._listed()
            for term in listed:
                if self.often(8):  # came again, or the day was mended
                    entry = self.before()
                on_roll.append(self._pupil(term, school, entry))
            after = [term for term in self.terms if not listed or term >= listed[-1]]
            if after and self.often(60):
                returns.append((self.one(after[1:4] or after), school))
            for term in after[:3]:
                if self.often(15 if listed else 5):
                    leavers.append(self._leaver(term, school, entry, bool(listed)))
            if not listed and self.often(40):
                leavers += [
                    self._leaver(t, school, entry, False) for t in self.terms[-6 : -6 + self.number(1, 3)]
                ]
            if self.often(30):
                told = entry if self.often(75) else self.before()
                upn = self.one((CURRENT, CURRENT, CURRENT, FORMER))
                leaving = None if self.often(40) else self.near()
                attended[upn, school, told] = Attended(school, told, leaving, upn)
        return {
            "on_roll": tuple(on_roll),
            "leavers": tuple(leavers),
            "returns": tuple(returns),
            "schools": tuple(attended.values()),
            "exclusions": self._exclusions([*on_roll, *leavers]),
        }

    def _listed(self) -> list[str]:
        """A few terms in a row around a day that matters."""
        if self.often(15):
            return []
        day = self.near()
        if self.often(30):  # in the return on which, or before which, an order ended
            day = self.one(self.orders).end_date or day
            before = [term for term in self.terms if returned_on(term) <= day]
            return before[-2:][: self.number(1, 2)] if self.often(60) else before[-1:]
        first = max(sum(returned_on(term) <= day for term in self.terms) - self.number(0, 3), 0)
        return self.terms[first : first + self.number(1, 4)] if not self.often(25) else self.terms[first:]

    def _pupil(self, term: str, school: int, entry: date | None) -> OnRoll:
        return OnRoll(
            term, school, entry, self.one((False, False, False, None, True)), self.one(("C", "C", "M", "F", "O", "P", None)),
            self.one(SEN), self.one((CURRENT, CURRENT, CURRENT, FORMER, None)), self.one((None, None, FORMER)),
            not self.often(6), self.often(10),
        )  # fmt: skip

    def _leaver(self, term: str, school: int, entry: date | None, is_listed: bool) -> Leaver:
        leaving = max(self.near(), entry) if entry else self.near()
        return Leaver(
            term, school, entry if self.often(90) else self.before(), None if self.often(10 if is_listed else 60) else leaving,
            self.one((False, None, True)), self.one((CURRENT, FORMER, FORMER, None)), not self.often(6),
        )  # fmt: skip

    def _exclusions(self, rows: list[Any]) -> tuple[Exclusion, ...]:
        found: list[Exclusion] = []
        for row in rows:
            if not self.often(25):
                continue
            day = None if self.often(5) else returned_on(row.term) - self.one((3, 10, 10, 40)) * DAY
            category, sessions = self.one(CATEGORIES), self.one((1, 2, 10, None))
            if found and self.often(50):  # told again
                day, sessions = found[-1].start_date, found[-1].sessions
                category = self.one(("FIXD", "SUSP", category))
            reasons = (self.one(REASONS), self.one(REASONS), self.one(REASONS))
            found.append(
                Exclusion(
                    row.term, row.school, len(found) + 1, day, category, reasons, sessions, self.one(SEN)
                )
            )
        return tuple(found)

    def transfers(self) -> tuple[Transfer, ...]:
        """Transfer files that name the child."""
        return tuple(
            Transfer(n, self.near(), self.one((CURRENT, CURRENT, FORMER)), self.one((None, FORMER, FORMER)))
            for n in range(1, self.one((0, 0, 1)) + 1)
        )

    def marks(self) -> tuple[Mark, ...]:
        """Some half days of the months that matter, the same half day told under two numbers among them."""
        found: dict[tuple[date, str, int], Mark] = {}
        for _ in range(self.one((0, 0, 1, 2))):
            day = self.near()
            edges = [date(2024, 8, 18), CODE_CHANGE] if self.often(15) else [day, day, day + DAY]
            is_good = self.often(40)
            for _ in range(self.number(1, 9)):
                of, session = self.one(edges), self.one(("AM", "PM"))
                upn = self.one((CURRENT, CURRENT, FORMER))
                code = self.one(GOOD_MARKS if is_good else MARKS)
                found[of, session, upn] = Mark(of, session, code, upn, self.one((1, 1, 2)))
                if self.often(15):  # the same half day under both numbers
                    other = FORMER if upn == CURRENT else CURRENT
                    found[of, session, other] = Mark(of, session, self.one(MARKS), other, 2)
        return tuple(found.values())

    # participation

    def young_person(self) -> YoungPerson | None:
        """In the extract or not; activities that follow each other, lapse, or begin on one day."""
        if self.often(40):
            return None
        found: dict[tuple[date | None, str], Activity] = {}
        start: date | None = None
        for _ in range(self.one((0, 1, 1, 2, 2, 3, 4))):
            if start is None or not self.often(15):
                start = self.before()
            begins = None if self.often(3) else start
            code = self.one(ACTIVITIES)
            until = self.one(
                (None, None, self.near(), self.as_at, start + 60 * DAY, start + 13 * DAY, start - DAY)
            )
            found[begins, code] = Activity(code, begins, until)
        activities = sorted(
            found.values(), key=lambda a: (a.start_date is not None, a.start_date or self.as_at)
        )
        for n in range(1, len(activities)):  # one lapses on the edge of the next one's beginning
            one, following = activities[n - 1], activities[n].start_date
            if one.start_date and following and self.often(40):
                until = following + self.one((-3, -2, -1, -1, 0, 5)) * DAY
                activities[n - 1] = Activity(one.code, one.start_date, until)
        return YoungPerson(self.one((None, CURRENT, FORMER)), not self.often(6), tuple(activities))


@st.composite
def children(draw: Any, as_at: date) -> Child:
    """One child with few records."""
    life = _Life(draw(CHANCES), as_at)
    is_told = not life.often(4)
    return Child(
        date_of_birth=life.born,
        is_told=is_told,
        is_deleted=is_told and life.often(3),
        upn=life.one((None, CURRENT, CURRENT, CURRENT, FORMER, OF_THE_FIRST_CHILD)),
        orders=life.orders,
        outcomes=life.outcomes(),
        residences=life.residences(),
        placements=life.placements(),
        transfers=life.transfers(),
        young_person=life.young_person(),
        marks=life.marks(),
        needs=life.needs(),
        plans=life.plans(),
        care=life.care(),
        **life.census(),
    )


def worlds(number: int, first_seed: int, as_at: date) -> list[World]:
    """So many worlds of one seed, no child like another; the same again each time."""
    return [World(drawn) for drawn in few_children(number, first_seed, children(as_at))]
