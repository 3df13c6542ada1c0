"""The fictional world: children with linked lives, made from a seed.

Same seed, same bytes: each child has random sources of its own for each purpose, and nothing looks at a
clock, a hash or the order of a set. All of it is FICTIONAL.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from yos_warehouse import settings
from yos_warehouse.fictional import identifiers, justice, people
from yos_warehouse.fictional.book import Book
from yos_warehouse.fictional.lives import DAY, Activity, Life, Spell, result_of
from yos_warehouse.fictional.oddities import TELLERS
from yos_warehouse.fictional.participation import activities
from yos_warehouse.fictional.people_errors import slip
from yos_warehouse.fictional.schooling import mainstream, school_life
from yos_warehouse.fictional.setting import Setting, districts, weekday_from, years_before
from yos_warehouse.fictional.stage import OFFENCE, Oddity, Stage
from yos_warehouse.fictional.upbringing import upbringing

SIZES: dict[str, tuple[int, int]] = {"small": (200, 3), "service": (2000, 10)}  # children, years
NIGHT0 = date(2026, 3, 31)
CRAFTED = 99  # children in the case system who are told by the oddities
# Share of chance children whom the force knows with an error, and as many education: a typing error, a nickname, day and
# month of birth swapped.
SLIPS = 0.0
# Numbers of children by where they come from; a child keeps its number whatever the others do.
FUTURE, POLICE_ONLY, PUPILS, CANARY = 30000, 40000, 50000, 99999


@dataclass(frozen=True)
class Canary:
    """The child whose values may turn up nowhere but in the closed zones."""

    child: str
    family: str
    given: str
    birth: date
    pnc: str
    upn: str
    asn: str
    address: str
    postcode: str
    nhs: str

    def values(self) -> tuple[str, ...]:
        """The texts to search for; the date of birth in each way it is written."""
        return (
            self.family, self.given, self.pnc, self.upn, self.asn, self.address, self.postcode,
            self.nhs, self.birth.isoformat(), f"{self.birth:%d/%m/%Y}",
        )  # fmt: skip


@dataclass
class World:
    """A made world.

    Attributes:
        setting: seed, service, period.
        book: what each source knew when.
        lives: all children, by number; ``contact`` is set for those in the case system.
        bad_rows: rows the door must hold back, by feed entity.
        canary: the canary child, if asked for.
    """

    setting: Setting
    book: Book
    lives: list[Life]
    bad_rows: dict[str, list[dict[str, Any]]]
    oddities: dict[str, Oddity]
    canary: Canary | None = None

    def oddity(self, name: str) -> Oddity:
        """The named oddity (domain.md 2.8).

        Raises:
            KeyError: there is no such handle.
        """
        return self.oddities[name]

    def life(self, child: str) -> Life:
        """The child with the case system's number ``YJ00001``."""
        return next(life for life in self.lives if life.ref == child)


@dataclass(frozen=True)
class _Chance:
    """Makes children as chance has them; errors are made of ``slips`` of them."""

    setting: Setting
    book: Book
    slips: float

    def _known_otherwise(self, life: Life) -> Life:
        source = life.rng("slips")
        for told in (life.police_known_as, life.school_known_as):
            if source.random() < self.slips:
                told |= slip(source, life.given, life.family, life.birth)
        return life

    def _life(self, number: int, first: date, **more: Any) -> Life:
        source = people.rng(self.setting.seed, number, "birth")
        age = int(str(people.weighted(source, people.AGE_WEIGHTS)))
        sex = "1" if source.random() < 0.84 else "2"
        return self._known_otherwise(
            Life(
                self.setting,
                self.book,
                number,
                sex,
                people.given_name(source, sex),
                people.family_name(source),
                years_before(first, age) - source.randint(0, 364) * DAY,
                people.ethnicity(source),
                **more,
            )
        )

    def offender(self, number: int, since: date, until: date) -> Life:
        """A child whose first offence lies between the two days."""
        source = people.rng(self.setting.seed, number, "kind")
        first = since + timedelta(days=source.randrange((until - since).days))
        life = self._life(number, first)
        kind = source.choices(list(justice.KINDS), [row[0] for row in justice.KINDS.values()])[0]
        engagement = source.choices(("well", "middling", "badly"), justice.KINDS[kind][2])[0]
        upbringing(life, first, engagement)
        before = first - source.randint(60, 600) * DAY
        if source.random() < 0.05 and life.age(before) >= 10:  # dealt with elsewhere before moving in
            life.first_disposal = (before, source.choice(("1018", "1097", "")))
        justice.career(life, first, kind)
        return life

    def police_only(self, number: int) -> Life:
        """A child arrested once and let go; the service never hears of it."""
        source = people.rng(self.setting.seed, number, "kind")
        start = self.setting.start
        day = start + timedelta(days=source.randrange((self.setting.horizon - start).days))
        life = self._life(number, day, in_case_system=False)
        upbringing(life, day, "middling")
        life.arrested(day, justice.offences(source, day), "NFA")
        return life

    def pupil(self, number: int) -> Life:
        """A child no police officer ever met; on roll or in the participation extract."""
        source = people.rng(self.setting.seed, number, "kind")
        birth = years_before(self.setting.night0, 11) - timedelta(days=source.randrange(7 * 365))
        sex = source.choice("12")
        life = Life(
            self.setting, self.book, number, sex, people.given_name(source, sex), people.family_name(source), birth,
            people.ethnicity(source), in_case_system=False,
        )  # fmt: skip
        upbringing(life, years_before(self.setting.night0, 1), "well")
        return self._known_otherwise(life)


def _canary(setting: Setting, book: Book, bad_rows: dict[str, list[dict[str, Any]]]) -> tuple[Life, Canary]:
    """The canary child: good rows in each feed, and rows the door must hold back."""
    birth = date(2010, 7, 17)
    life = Life(setting, book, CANARY, "1", "Zzqanary", "Canarybird-Qzx", birth, "W1")
    line, postcode = "77 Canaryfeather Passage", "ZZ99 0QZ"
    ago = setting.night0
    life.lives_at(ago - 900 * DAY, None, line, postcode, setting.districts[0].code, "LIVING_WITH_PARENT_S")
    life.attends(ago - 600 * DAY, None, "MAINSTREAM_SCHOOL", "SUITABLE", "25.0", "25.0")
    roll = {"is_unit": False, "reason": "TRANSFER"}
    life.rolls = [
        Spell(ago - 1700 * DAY, ago - 300 * DAY, {"school": mainstream(CANARY + 1)} | roll),
        Spell(ago - 299 * DAY, None, {"school": mainstream(CANARY)} | roll),
    ]
    life.plans = [Spell(ago - 400 * DAY, None, {"need": "SLCN"})]
    life.activities = [Activity(ago - 90 * DAY, "210", ago - 299 * DAY, ago + 180 * DAY, life.school, None)]
    day = weekday_from(ago - 30 * DAY)
    arrest = life.arrested(day - 20 * DAY, [(OFFENCE["CJ88144"], day - 21 * DAY)], "CHARGE")
    life.charged(arrest, day - 20 * DAY)
    hearing = life.hearing(day, "MCY", "NA")
    for one in arrest.offences:
        life.outcome(one, "REFERRAL_ORDER", day, day + 3 * DAY, hearing)
    results = [[result_of("REFERRAL_ORDER", duration=6, unit="M")]]
    life.message(arrest, day, "MCY", day - 20 * DAY, results, day + DAY)
    life.disposed(arrest, day, results, day + 2 * DAY)
    life.order("REFERRAL_ORDER", day, day + 183 * DAY, arrest.offences)
    caution = life.arrested(day - 150 * DAY, [(OFFENCE["CD71039"], day - 151 * DAY)], "OOCD")
    life.out_of_court(caution, "YOUTH_CAUTION", day - 120 * DAY)
    assert life.contact
    book.change("person", life.ref, life.contact, nhs_number=life.nhs)
    life.alias("Zzqanary", "Canarybird-Qzx-Alias", ago - 20 * DAY)
    life.pnc_checked(day - 40 * DAY)
    who = {"family": life.family, "given": life.given, "pnc": life.pnc, "birth": birth, "postcode": postcode}
    told = ago - 3 * DAY
    other_asn = identifiers.asn(ago.year, CANARY * 1000 + 900)
    rows: dict[str, list[dict[str, Any]]] = {
        "police_arrest": [
            who | {"asn": other_asn, "day": "99/99/2026", "known_at": told},
            who | {"asn": "", "day": day, "known_at": told},
            who | {"asn": other_asn, "day": "unreadable", "birth": "17.7.10?", "known_at": ago},
        ],
        "police_charge": [
            {"asn": other_asn, "code": "TH68010", "day": "31/31/2026", "charge": day, "known_at": told,
             "location": line},
        ],
        "police_disposal": [
            {"asn": arrest.asn, "sequence": "", "code": "1097", "day": day, "known_at": told}
        ],
        "police_oocd": [
            {"asn": other_asn, "sequence": 1, "code": "TH68010", "day": "?", "outcome": "2", "known_at": told}
        ],
        "police_pnc_check": [who | {"day": "soon", "known_at": told}],
        "police_message": [{"of": (arrest.asn, day.isoformat(), 0), "known_at": told}],
        "young_person": [{"number": CANARY}],
        "census_pupil": [{"number": CANARY}],
        "attendance": [{"number": CANARY}],
        "transfer_pupil": [{"number": CANARY}],
        "ehc_plan": [{"number": CANARY}],
        "ledger": [{"text": f"Interpreter for {life.given} {life.family} of {line}"}],
        "budget": [{"text": f"Gift of {life.given} {life.family}"}],
        "reserve": [{"text": f"Placement of {life.given} {life.family} of {line}"}],
        "grant_condition": [{"text": f"Report on {life.given} {life.family}"}],
    }  # fmt: skip
    for entity, added in rows.items():
        bad_rows.setdefault(entity, []).extend(added)
    # In the case system a date cannot be unreadable, but what must be there can be missing.
    base = {"pnc": life.pnc, "upn": life.upn, "uln": life.uln, "birth_date": birth, "sex_code": "1"}
    book.put(
        "person", "YJ99998", told, person_ref="YJ99998", first_name=life.family, last_name=None,
        ethnic_code="W1", is_deleted=False, **base,
    )  # fmt: skip
    book.put(
        "address", f"A{CANARY}-900", told, address_ref=f"A{CANARY}-900", person_ref=life.ref, from_date=None,
        address_line=line, postcode=postcode, district_code=setting.districts[0].code,
        accommodation_type="LIVING_WITH_PARENT_S", to_date=None,
    )  # fmt: skip
    canary = Canary(
        life.ref, life.family, life.given, birth, life.pnc, life.upn, arrest.asn, line, postcode, life.nhs
    )
    return life, canary


def make_world(
    seed: int,
    size: Literal["small", "service"] = "small",
    *,
    children: int | None = None,
    years: int | None = None,
    night0: date = NIGHT0,
    canary: bool = False,
    days_after: int = 365,
    service: str | None = None,
    slips: float = SLIPS,
) -> World:
    """Make a world.

    Args:
        seed: same seed and arguments, same bytes in each feed.
        size: small (200 children, three years) or service (2,000, ten years).
        children: about how many children the case system knows by ``night0``; overrides the size. Those of the
            oddities are in every world, so that it has at least a hundred.
        years: length of the period before ``night0``; overrides the size.
        night0: business date of the first night.
        canary: add the canary child (good rows, and bad ones the door must hold back).
        days_after: how many further nights can be had.
        service: service code whose districts are used; default the configured one.
        slips: share of chance children with an error in the police's records, and as many in education's.
    """
    children, years = children or SIZES[size][0], years or SIZES[size][1]
    service = service or settings.service_code()
    start = years_before(night0 + DAY, years)
    setting = Setting(seed, service, start, night0, night0 + days_after * DAY, districts(service))
    book = Book()
    regular = max(children // 5, children - CRAFTED)
    future = regular * days_after // (365 * years)
    made = _Chance(setting, book, slips)
    lives = [made.offender(n, start, night0 - 10 * DAY) for n in range(1, regular + 1)]
    lives += [made.offender(FUTURE + n, night0 - 10 * DAY, setting.horizon) for n in range(1, future + 1)]
    lives += [made.police_only(POLICE_ONLY + n) for n in range(1, children // 10 + 1)]
    lives += [made.pupil(PUPILS + n) for n in range(1, children // 2 + 1)]
    stage = Stage(setting, book, [])
    oddities = {told.name: told for told in (tell(stage) for tell in TELLERS)}
    lives += stage.lives
    bird = None
    if canary:
        life, bird = _canary(setting, book, stage.bad_rows)
        lives.append(life)
    for life in lives:
        life.record_spells()
        school_life(life)
        life.activities = life.activities or activities(life)
    for withdrawn in stage.bad_rows.pop("withdraw", []):
        withdraw(book, withdrawn["life"], withdrawn["told"])
    return World(setting, book, sorted(lives, key=lambda life: life.number), stage.bad_rows, oddities, bird)


def withdraw(book: Book, life: Life, told: date) -> None:
    """The case system withdraws a child: the record is marked, all else of the child goes."""
    offences = {one["offence_ref"] for one in book.as_at("offence", told) if one["person_ref"] == life.ref}
    orders = {one["order_ref"] for one in book.as_at("intervention", told) if one["person_ref"] == life.ref}
    book.remove_where("legal_outcome", "offence_ref", offences, told)
    book.remove_where("intervention_offence", "order_ref", orders, told)
    for table in (
        "person_alias", "offence", "hearing", "intervention", "assessment", "address", "education_placement",
        "care_spell", "send_spell",
    ):  # fmt: skip
        book.remove_where(table, "person_ref", {life.ref}, told)
    book.change("person", life.ref, told, is_deleted=True)
