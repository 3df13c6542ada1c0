"""Where oddities are told: crafted children, and the handles by which tests find them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from yos_warehouse.fictional import codes, identifiers, people
from yos_warehouse.fictional.book import Book
from yos_warehouse.fictional.lives import DAY, Arrest, Life, result_of
from yos_warehouse.fictional.setting import Setting, weekday_from, years_before

OFFENCE = {offence.code: offence for offence in codes.OFFENCES}


@dataclass(frozen=True)
class Oddity:
    """A named oddity: children by the case system's number, records by what they are.

    Attributes:
        name: the handle.
        children: case system numbers (``person_id``); for children only the police know, ``YJ`` numbers too.
        records: kind of record (offence, outcome, order, ete, asn, ...) -> source ids.
        known_at: days on which something about it was recorded, oldest first.
        note: what is odd, in a sentence.
    """

    name: str
    children: tuple[str, ...]
    records: Mapping[str, tuple[str, ...]]
    known_at: tuple[date, ...]
    note: str


@dataclass
class Stage:
    """Where oddities are told: hands out crafted children."""

    setting: Setting
    book: Book
    lives: list[Life]
    taken: int = 90000
    bad_rows: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def ago(self, days: int) -> date:
        """So many days before the first night; negative for after it."""
        return self.setting.night0 - days * DAY

    def child(self, age: int = 15, birth: date | None = None, at_home: bool = True, **given: Any) -> Life:
        """A crafted child: ``age`` on the first night, at one address, in full-time education."""
        self.taken += 1
        source = people.rng(self.setting.seed, self.taken, "crafted")
        sex = given.pop("sex", "1")
        life = Life(
            self.setting,
            self.book,
            self.taken,
            sex,
            given.pop("given", people.given_name(source, sex)),
            given.pop("family", people.family_name(source)),
            birth or years_before(self.setting.night0, age) - source.randint(30, 300) * DAY,
            people.ethnicity(source),
            **given,
        )
        self.lives.append(life)
        if at_home:
            place = self.taken % len(self.setting.districts)
            district = self.setting.districts[place].code
            street, code = people.street(source), identifiers.postcode(place + 1, self.taken % 400)
            life.lives_at(self.ago(900), None, street, code, district, "LIVING_WITH_PARENT_S")
        return life

    def learns(self, life: Life) -> None:
        """Full-time education all along."""
        school = life.age(self.setting.night0) < 16
        hours = "25.0" if school else "18.0"
        provision = "MAINSTREAM_SCHOOL" if school else "COLLEGE"
        life.attends(self.ago(700), None, provision, "SUITABLE", hours, hours)

    def simple(
        self,
        life: Life,
        days_ago: int,
        outcome: str,
        code: str = "TH68010",
        order_weeks: int = 0,
        known_after: int = 4,
    ) -> tuple[Arrest, list[str], str | None]:
        """One offence and its outcome ``days_ago``; with ``order_weeks`` also the order.

        Results of a court are in the disposals file. What was decided is recorded after ``known_after`` days.
        Returns the arrest, the outcomes' numbers and the order's.
        """
        decided = weekday_from(self.ago(days_ago))
        arrest = life.arrested(decided - 40 * DAY, [(OFFENCE[code], decided - 42 * DAY)], "CHARGE")
        if outcome in codes.CRIME_OUTCOME_OF:
            refs = life.out_of_court(arrest, outcome, decided, known_after)
        else:
            life.charged(arrest, decided - 39 * DAY)
            hearing = life.hearing(decided, "MCY", "NA", known=decided + known_after * DAY)
            known = decided + known_after * DAY
            refs = [life.outcome(one, outcome, decided, known, hearing) for one in arrest.offences]
            life.disposed(arrest, decided, [[result_of(outcome)] for _ in arrest.offences], known)
            life.appearances += 1
        order = None
        if order_weeks:
            kind = codes.ORDER_OF_OUTCOME[outcome]
            order = life.order(kind, decided, decided + timedelta(weeks=order_weeks), arrest.offences)
        return arrest, refs, order
