"""A table of people to measure linkage on: one row per record, as staging gives them, and beside it who each really is.

FICTIONAL. Not the feeds of the fictional service (world.py), which are small and whole, but many children with
siblings, twins, namesakes, fathers of the same name, children in care under one address, aliases, second PNC ids,
adoptions, and the errors of people_errors.py. Identifiers are impossible (identifiers.py).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import md5
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from yos_warehouse.fictional import identifiers
from yos_warehouse.fictional import people_errors as errors
from yos_warehouse.fictional import people_stock as stock
from yos_warehouse.fictional.people import rng, weighted

# Chances of a household, and of a child.
SHARES = {
    "twins": 0.015, "siblings": 0.16, "father": 0.004, "namesake": 0.004, "in_care": 0.05, "moved": 0.35,
    "former_family": 0.04, "alias": 0.05, "three_aliases": 0.01, "two_pnc": 0.004, "former_upn": 0.05,
    "temporary_upn": 0.02, "adopted": 0.003, "twice_in_case_system": 0.03,
}  # fmt: skip
KINDS = {"known": 55, "police_only": 10, "pupil": 35}  # to whom a child is known, per cent
CARE_HOME = 25  # children in care who share an address
FIRST_BIRTH, LAST_BIRTH = date(2008, 4, 1), date(2016, 3, 31)
PROTECTED = 1_000_000_000  # added to the person's number: the identity nobody may link with the one before
FATHERS, NUMBERS = 400_000, 450_000  # numbers of those who are no child of the table, and where they end
COLUMNS = {
    "record_id": pa.string(), "source": pa.string(), "given_name": pa.string(), "family_name": pa.string(),
    "date_of_birth": pa.string(), "sex": pa.string(), "street": pa.string(), "town": pa.string(),
    "postcode": pa.string(), "school": pa.string(), "pnc_id": pa.string(), "asn": pa.string(), "upn": pa.string(),
    "uln": pa.string(), "nhs_number": pa.string(), "own_id": pa.string(), "is_protected": pa.bool_(),
}  # fmt: skip
TRUTH = {
    "record_id": pa.string(), "person": pa.int64(), "expected_person": pa.int64(), "errors": pa.string(),
}  # fmt: skip
Row = dict[str, Any]


@dataclass
class Home:
    """Street, town and postcode."""

    street: str
    town: str
    postcode: str


@dataclass
class Person:
    """Who somebody really is; what records say of them differs."""

    number: int
    sex: str
    given: str
    family: str
    birth: date
    homes: list[Home]  # the newest first
    school: str
    kind: str
    pncs: list[str]
    upn: str
    uln: str
    nhs: str
    former_family: str = ""
    former_upn: str = ""
    aliases: list[tuple[str, str]] = field(default_factory=list)
    is_protected: bool = False
    person: int = 0  # the same person under another number

    @property
    def expected(self) -> int:
        """The person a warehouse may take this for."""
        return (self.person or self.number) + (PROTECTED if self.is_protected else 0)


class _People:
    """Makes people, household by household."""

    def __init__(self, children: int, seed: int) -> None:
        self.children, self.seed, self.last, self.fathers = children, seed, 0, FATHERS
        self.schools = max(8, min(999, children // 300))
        self.care_homes = max(2, round(children * SHARES["in_care"] / CARE_HOME))

    def households(self) -> Iterator[list[Person]]:
        """Everybody of each household and those told with it, until there are enough children."""
        number = 0
        while self.last < self.children:
            number += 1
            source = rng(self.seed, number, "household")
            family, home = stock.family_names().draw(source), self.home(source)
            first = self.child(source, family, home)
            found = [first]
            if source.random() < SHARES["twins"]:
                found.append(self.child(source, family, home, birth=first.birth))
            for _ in range(3):
                if source.random() > SHARES["siblings"]:
                    break
                found.append(self.child(source, family, home, first=first))
            if source.random() < SHARES["namesake"]:
                other = self.child(source, family, self.home(source), birth=first.birth)
                other.given, other.sex = first.given, first.sex
                found.append(other)
            if source.random() < SHARES["father"] and first.sex == "1":
                found.append(self.father(source, first))
            if source.random() < SHARES["adopted"] and first.kind == "known":
                found.append(self.adopted(source, first))
            yield found

    def home(self, source: Random) -> Home:
        """An address; what is near has postcodes alike."""
        town = source.randrange(len(stock.TOWNS))
        postcode = identifiers.postcode(town % 10, source.randrange(400))
        street = stock.streets()[
            (int(postcode[5]) * 37 + ord(postcode[6]) * 5 + ord(postcode[7])) % len(stock.streets())
        ]
        return Home(f"{source.randint(1, 160)} {street}", stock.TOWNS[town], postcode)

    def _care_home(self, source: Random) -> Home:
        number = source.randrange(self.care_homes)
        return self.home(rng(self.seed, number, "care home"))

    def child(
        self, source: Random, family: str, home: Home, birth: date | None = None, first: Person | None = None
    ) -> Person:
        """One more child of a household; with ``first`` a brother or sister born in another year."""
        self.last += 1
        sex = "1" if source.random() < 0.6 else "2"
        given = stock.given_names(sex).draw(source)
        birth = birth or FIRST_BIRTH + timedelta(days=source.randrange((LAST_BIRTH - FIRST_BIRTH).days))
        while first and (abs((birth - first.birth).days) < 280 or given == first.given):
            given = stock.given_names(sex).draw(source)
            birth = FIRST_BIRTH + timedelta(days=source.randrange((LAST_BIRTH - FIRST_BIRTH).days))
        homes = [home]
        if source.random() < SHARES["in_care"]:
            homes.insert(0, self._care_home(source))
        elif source.random() < SHARES["moved"]:
            homes.append(self.home(source))
        made = self._person(self.last, sex, given, family, birth, homes, str(weighted(source, KINDS)), source)
        names = stock.family_names()
        if source.random() < SHARES["former_family"]:
            made.former_family = names.draw(source)
        chance = source.random()
        for _ in range(3 if chance < SHARES["three_aliases"] else chance < SHARES["alias"]):
            other = source.choice(
                (given, errors.nickname(source, given), stock.given_names(sex).draw(source))
            )
            made.aliases.append((other, names.draw(source)))
        if source.random() < SHARES["two_pnc"]:
            made.pncs.append(identifiers.pnc_id(NUMBERS + self.last))
        chance = source.random()
        if chance < SHARES["former_upn"]:
            made.former_upn = identifiers.upn(self.last, birth.year + 4, school=3000)
        elif chance < SHARES["former_upn"] + SHARES["temporary_upn"]:
            made.former_upn = identifiers.temporary_upn(self.last, birth.year + 11)
        return made

    def _person(
        self,
        number: int,
        sex: str,
        given: str,
        family: str,
        birth: date,
        homes: list[Home],
        kind: str,
        source: Random,
    ) -> Person:
        return Person(
            number, sex, given, family, birth, homes, f"9994{source.randrange(self.schools) + 1:03d}", kind,
            [identifiers.pnc_id(number)], identifiers.upn(number, birth.year + 4), identifiers.uln(number),
            identifiers.nhs_number(number),
        )  # fmt: skip

    def father(self, source: Random, child: Person) -> Person:
        """A man of the same name and address, whom only the police know."""
        self.fathers += 1
        birth = child.birth - timedelta(days=source.randint(18 * 365, 35 * 365))
        return self._person(
            self.fathers, "1", child.given, child.family, birth, child.homes[:1], "police_only", source
        )

    def adopted(self, source: Random, child: Person) -> Person:
        """The child's protected identity after adoption: other numbers, names and address; never to be linked."""
        self.fathers += 1
        given = child.given if source.random() < 0.7 else stock.given_names(child.sex).draw(source)
        family = stock.family_names().draw(source)
        made = self._person(
            self.fathers, child.sex, given, family, child.birth, [self.home(source)], "known", source
        )
        made.is_protected, made.person = True, child.number
        return made


class _Records:
    """Writes what each source has of a person."""

    def __init__(self, seed: int) -> None:
        self.seed, self.number = seed, 0
        self.rows: dict[str, list[Any]] = {}
        self.truth: dict[str, list[Any]] = {}
        self.clear()

    def clear(self) -> None:
        """Forget the rows so far."""
        self.rows = {name: [] for name in COLUMNS}
        self.truth = {name: [] for name in TRUTH}

    def all_of(self, person: Person) -> None:
        """Every record of a person."""
        source = rng(self.seed, person.number, "records")
        if person.kind == "known":
            ref = f"case_system|YJ{person.number:06d}"
            self.add(source, person, "case_system.person", ref)
            if source.random() < SHARES["twice_in_case_system"]:
                self.add(source, person, "case_system.person", f"{ref}D")
            for given, family in person.aliases:
                self.add(source, person, "case_system.person_name", ref, name=(given, family))
        if person.kind != "pupil":
            self._police(source, person)
        if person.kind == "known" or (person.kind == "pupil"):
            self._education(source, person)

    def _police(self, source: Random, person: Person) -> None:
        arrests = (
            1 if person.kind == "police_only" else source.choices((0, 1, 2, 3, 5), (20, 42, 20, 12, 6))[0]
        )
        for number in range(1, arrests + 1):
            asn = identifiers.asn(source.randint(2021, 2026), person.number * 1000 + number)
            pnc = person.pncs[number % len(person.pncs)]
            self.add(source, person, "police.arrest", asn=asn, pnc=pnc)
            if source.random() < (0.85 if number == 1 else 0.2):
                self.add(source, person, "police.pnc_check", pnc=pnc)
            if person.kind == "known":
                for _ in range(source.choices((0, 1, 2), (55, 33, 12))[0]):
                    self.add(source, person, "police.court_message", asn=asn, pnc=pnc)

    def _education(self, source: Random, person: Person) -> None:
        for _ in range(source.choices((0, 1, 2, 3), (10, 20, 30, 40))[0]):
            self.add(source, person, "education.census_pupil", school=person.school)
        for entity, chance in (("census_leaver", 0.2), ("transfer_pupil", 0.15)):
            if source.random() < chance:
                self.add(source, person, f"education.{entity}", school=person.school)
        if source.random() < 0.3:
            self.add(source, person, "education.young_person", f"education|NC{person.number:06d}")
        if source.random() < 0.08:
            self.add(source, person, "education.ehc_plan")

    def add(
        self, source: Random, person: Person, entity: str, own_id: str | None = None, *, asn: str | None = None,
        pnc: str | None = None, school: str | None = None, name: tuple[str, str] | None = None,
    ) -> None:  # fmt: skip
        """One record with the errors of its source."""
        self.number += 1
        sender = "court" if entity == "police.court_message" else entity.partition(".")[0]
        rates, made = errors.RATES[sender], []

        def errs(kind: str) -> bool:
            if source.random() >= rates.get(kind, 0):
                return False
            made.append(kind)
            return True

        given, family = name or (person.given, person.family)
        if person.aliases and not name and errs("alias"):
            given, family = source.choice(person.aliases)
        elif person.former_family and not name and errs("former_family"):
            family = person.former_family
        if given in stock.short_names() and errs("nickname"):
            given = errors.nickname(source, given)
        if errs("given_typed"):
            given = errors.typed(source, given)
        if errs("family_typed"):
            family = errors.typed(source, family)
        if errs("names_swapped"):
            given, family = family, given
        if errs("family_unknown"):
            family = errors.NO_FAMILY
        row: Row = dict.fromkeys(COLUMNS) | {
            "given_name": given,
            "family_name": family,
            "own_id": own_id,
            "asn": asn,
        }
        row |= {
            "source": entity,
            "school": school,
            "is_protected": person.is_protected and sender == "case_system",
        }
        row["date_of_birth"] = self._birth(source, person, errs)
        row["sex"] = None if entity in ("police.pnc_check", "education.ehc_plan") else person.sex
        if sender in ("case_system", "court") or entity in ("police.arrest", "education.young_person"):
            self._home(source, person, row, errs, has_street=sender != "education")
        if sender == "case_system":
            pnc = person.pncs[0]
        if pnc and not (entity != "police.pnc_check" and errs("pnc_missing")):
            row["pnc_id"] = (
                errors.NO_PNC if errs("pnc_sentinel")
                else errors.pnc_typed(pnc) if errs("pnc_typed")
                else identifiers.pnc_variant(pnc, "short") if errs("pnc_short")
                else pnc
            )  # fmt: skip
        if asn and errs("asn_missing"):
            row["asn"] = None
        if sender in ("case_system", "education"):
            self._numbers(
                person, row, errs, has_uln=entity not in ("education.census_leaver", "education.ehc_plan")
            )
        row["record_id"] = md5(f"{self.seed}/{self.number}".encode(), usedforsecurity=False).hexdigest()[:16]
        for column, value in row.items():
            self.rows[column].append(value)
        told = (row["record_id"], person.person or person.number, person.expected, " ".join(made))
        for column, value in zip(TRUTH, told, strict=True):
            self.truth[column].append(value)

    @staticmethod
    def _birth(source: Random, person: Person, errs: Any) -> str | None:
        birth = person.birth.isoformat()
        if errs("born_missing"):
            return None
        if errs("born_1900"):
            return errors.NO_BIRTH
        if errs("born_january"):
            return f"{birth[:4]}-01-01"
        if errs("born_swapped"):
            return errors.day_month_swapped(birth)
        return errors.digit_slipped(source, birth) if errs("born_slipped") else birth

    @staticmethod
    def _home(source: Random, person: Person, row: Row, errs: Any, has_street: bool) -> None:
        if errs("home_missing"):
            return
        home = person.homes[0]
        if len(person.homes) > 1 and errs("home_earlier"):
            home = person.homes[1]
        row["postcode"] = (
            errors.postcode_typed(source, home.postcode) if errs("postcode_typed") else home.postcode
        )
        if has_street:
            row["street"], row["town"] = home.street, home.town

    @staticmethod
    def _numbers(person: Person, row: Row, errs: Any, has_uln: bool) -> None:
        if not errs("upn_missing"):
            row["upn"] = (
                errors.NO_UPN if errs("upn_sentinel")
                else person.former_upn if person.former_upn and errs("upn_former")
                else person.upn
            )  # fmt: skip
        if has_uln and person.birth < date(2012, 4, 1) and not errs("uln_missing"):
            row["uln"] = person.uln
        if row["source"].startswith("case_system") and not errs("nhs_missing"):
            row["nhs_number"] = person.nhs


def write_people(path: Path, children: int, seed: int) -> pa.Table:
    """Write a table of records as parquet, and ``<name>_truth.parquet`` beside it.

    Args:
        path: the file of records, columns ``COLUMNS``; an alias has the ``own_id`` of its person.
        children: at least so many, up to 200,000; with fathers about one in three hundred more people.
        seed: same seed, same bytes.

    Returns:
        The truth: record_id; person, who it is; expected_person, which differs where a protected identity must never
        be linked with the one before it; errors, the errors made in the record, of ``people_errors.RATES``.
        Rows of both are in the order of record_id, which says nothing.
    """
    people, records = _People(children, seed), _Records(seed)
    tables, truths = [], []

    def keep() -> None:
        tables.append(pa.table(records.rows, schema=pa.schema(list(COLUMNS.items()))))
        truths.append(pa.table(records.truth, schema=pa.schema(list(TRUTH.items()))))
        records.clear()

    for household in people.households():
        for person in household:
            records.all_of(person)
        if len(records.truth["person"]) >= 50_000:
            keep()
    keep()
    truth = pa.concat_tables(truths).sort_by("record_id")
    pq.write_table(pa.concat_tables(tables).sort_by("record_id"), path)
    pq.write_table(truth, path.with_name(f"{path.stem}_truth.parquet"))
    return truth
