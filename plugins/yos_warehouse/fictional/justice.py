"""The way of a chance child through arrest, diversion, court and orders."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random
from typing import Any

from yos_warehouse.fictional import codes
from yos_warehouse.fictional.lives import DAY, Arrest, Life, result_of
from yos_warehouse.fictional.setting import weekday_from

# Kind of child: share, arrests a year after the first, share getting on well, middling, badly in education.
KINDS: dict[str, tuple[float, float, tuple[int, int, int]]] = {
    "once": (0.59, 0.10, (72, 20, 8)),
    "some": (0.30, 1.15, (58, 28, 14)),
    "many": (0.11, 2.5, (40, 33, 27)),
}
# Route of an arrest by number of substantive outcomes before: outcome or COURT -> weight.
ROUTES: tuple[dict[str, int], ...] = (
    {
        "NO_FURTHER_ACTION": 10, "COMMUNITY_RESOLUTION": 18, "OUTCOME_22": 11, "OUTCOME_21": 1,
        "OUTCOME_20": 2,
        "YOUTH_CAUTION": 20, "YOUTH_CONDITIONAL_CAUTION": 14, "COURT": 24,
    },
    {
        "NO_FURTHER_ACTION": 9, "COMMUNITY_RESOLUTION": 5, "OUTCOME_22": 5, "YOUTH_CAUTION": 9,
        "YOUTH_CONDITIONAL_CAUTION": 16, "COURT": 56,
    },
    {"NO_FURTHER_ACTION": 8, "OUTCOME_22": 2, "YOUTH_CONDITIONAL_CAUTION": 5, "COURT": 85},
)  # fmt: skip
DRAWN = [offence for offence in codes.OFFENCES if offence.weight]
WEIGHTS = [offence.weight for offence in DRAWN]


def offences(source: Random, day: date) -> list[tuple[codes.Offence, date]]:
    """One to four offences committed on or just before ``day``."""
    number = source.choices((1, 2, 3, 4), (63, 24, 9, 4))[0]
    drawn = source.choices(DRAWN, WEIGHTS, k=number)
    return [(offence, day - (0 if i == 0 else source.randint(0, 2)) * DAY) for i, offence in enumerate(drawn)]


def sentence(source: Random, life: Life, gravity: int) -> str:
    """A sentence by gravity and by how often the child was sentenced before."""
    if life.appearances == 0 and gravity < 7:
        return source.choices(
            ("REFERRAL_ORDER", "CONDITIONAL_DISCHARGE", "ABSOLUTE_DISCHARGE", "FINE"), (80, 8, 6, 6)
        )[0]
    table = {
        "REFERRAL_ORDER": 22, "YOUTH_REHABILITATION_ORDER": 40, "YRO_ISS": 4, "CONDITIONAL_DISCHARGE": 14,
        "FINE": 8, "COMPENSATION": 3, "REPARATION_ORDER": 6, "ABSOLUTE_DISCHARGE": 2, "YRO_FOSTERING": 1,
        "DETENTION_AND_TRAINING_ORDER": min(3 + life.appearances, 9) if gravity >= 4 else 1,
    }  # fmt: skip
    if gravity >= 6:
        table |= {"YRO_ISS": 14, "DETENTION_AND_TRAINING_ORDER": 14, "SECTION_250": 2 if gravity == 7 else 0}
    return source.choices(list(table), list(table.values()))[0]


def term(source: Random, outcome: str) -> tuple[int, str] | None:
    """Length and unit of an outcome, as a court would say it."""
    months: dict[str, tuple[int, ...]] = {
        "REFERRAL_ORDER": (3, 4, 6, 6, 9, 12),
        "YOUTH_REHABILITATION_ORDER": (6, 9, 12, 12, 18),
        "YRO_ISS": (9, 12, 12, 18),
        "YRO_FOSTERING": (12, 18),
        "DETENTION_AND_TRAINING_ORDER": (4, 4, 6, 8, 10, 12),
        "SECTION_250": (24, 30, 36),
        "REPARATION_ORDER": (3,),
        "CONDITIONAL_DISCHARGE": (6, 9, 12),
    }
    if outcome in months:
        return source.choice(months[outcome]), "M"
    weeks = {"YOUTH_CAUTION": (8, 12), "YOUTH_CONDITIONAL_CAUTION": (12, 16),
             "COMMUNITY_RESOLUTION": (6, 8, 12),
             "OUTCOME_22": (6, 10, 12)}  # fmt: skip
    return (source.choice(weeks[outcome]), "W") if outcome in weeks else None


def days(length: tuple[int, str]) -> timedelta:
    """A term in days (domain.md 2.2: 30.44 days a month)."""
    return timedelta(days=round(length[0] * {"M": 30.44, "W": 7.0}[length[1]]))


def programme(
    source: Random, life: Life, arrest: Arrest, outcome: str, start: date, length: tuple[int, str]
) -> None:
    """The order that follows an outcome, how it ends, and now and then its breach."""
    kind = codes.ORDER_OF_OUTCOME.get(outcome)
    if kind is None:
        return
    if kind in ("NON_SUBSTANTIVE_OOCD", "YOUTH_CAUTION") and source.random() < 0.4:
        return  # no work offered
    planned = start + days(length)
    reason = source.choices(codes.ORDER_END_REASONS[:4], (84, 8, 5, 3))[0]
    if kind not in codes.BREACH_OFFENCES or kind == "CUSTODIAL_SENTENCE":
        reason = "COMPLETED"
    ended = None if reason == "COMPLETED" else start + (planned - start) * source.uniform(0.4, 0.85)
    order = life.order(kind, start, planned, arrest.offences, reason, ended)
    if kind in codes.BREACH_OFFENCES and (reason == "REVOKED_BREACH" or source.random() < 0.12):
        on = start + ((ended or planned) - start) * source.uniform(0.3, 0.7)
        heard = weekday_from(on + source.randint(10, 30) * DAY)
        life.breach(
            order, kind, on, heard, source.choice(("BREACH_DEALT", "BREACH_DEALT", "BREACH_NO_ACTION"))
        )


def _results(
    source: Random, arrest: Arrest, outcome: str, length: tuple[int, str] | None
) -> list[list[dict[str, Any]]]:
    """Results of each offence: the sentence, concurrent on the others, and what goes with it."""
    given: list[list[dict[str, Any]]] = []
    for i in range(len(arrest.offences)):
        more: dict[str, Any] = {}
        if length:
            more |= {"duration": length[0], "unit": length[1]}
        if outcome == "FINE":
            more["amount"] = f"{source.choice((20, 40, 60, 80, 120)):.2f}"
        if outcome == "COMPENSATION":
            more["amount"] = f"{source.choice((25, 50, 75, 100, 150)):.2f}"
        if i and outcome in ("DETENTION_AND_TRAINING_ORDER", "SECTION_250"):
            more["qualifiers"] = ["C" if source.random() < 0.8 else "F"]
        row = [result_of(outcome, **more)]
        if i == 0 and outcome in ("REFERRAL_ORDER", "YOUTH_REHABILITATION_ORDER", "YRO_ISS"):
            if source.random() < 0.2:
                row.append({"code": "3012", "amount": f"{source.choice((25, 50, 100)):.2f}"})
            if outcome.startswith("YOUTH") and source.random() < 0.3:
                row.append(
                    {"code": "3105", "duration": source.choice((8, 12)), "unit": "W", "qualifiers": ["RE"]}
                )
        given.append(row)
    return given


def adjourned(
    source: Random, life: Life, arrest: Arrest, charge: date, day: date, following: date, remand: str
) -> None:
    """A hearing without a result: adjourned to the ``following``, until then on bail or remanded."""
    life.hearing(day, "MCY", remand)
    if day >= life.setting.xml_since:
        code, bail = codes.REMAND_RESULTS[remand]
        result = {"code": code, "next": (following, codes.COURTS["MCY"]), "bail": bail}
        none_final = [[result] for _ in arrest.offences]
        life.message(arrest, day, "MCY", charge, none_final, known=day + DAY, final=False)


def court(source: Random, life: Life, arrest: Arrest, gravity: int) -> None:
    """Charge, hearings and result of an arrest; each source hears of each step at its own time."""
    setting = life.setting
    charge = arrest.day if source.random() < 0.5 else arrest.day + source.randint(15, 110) * DAY
    life.charged(arrest, charge)
    day = weekday_from(charge + source.randint(10, 32) * DAY)
    grave = gravity >= 6
    remand = ""
    for _ in range(source.choices((0, 1, 2, 3), (30, 38, 22, 10) if grave else (48, 38, 14, 0))[0]):
        following = weekday_from(day + source.randint(14, 35) * DAY)
        # A remand mostly lasts from one hearing to the next.
        if not remand or source.random() < 0.35:
            remand = source.choices(
                list(codes.REMAND_RESULTS), (30, 34, 14, 22) if grave else (70, 24, 4, 2)
            )[0]
        adjourned(source, life, arrest, charge, day, following, remand)
        day = following
    outcome = (
        sentence(source, life, gravity)
        if source.random() < 0.87
        else source.choice(("NOT_GUILTY", "WITHDRAWN", "WITHDRAWN", "DISMISSED"))
    )
    length = term(source, outcome)
    place = "CC" if outcome.startswith("SECTION") else "MCY"
    hearing = life.hearing(day, place, "NA")
    known = day + (source.randint(90, 200) if source.random() < 0.02 else source.randint(1, 10)) * DAY
    for one in arrest.offences:
        life.outcome(one, outcome, day, known, hearing)
    results = _results(source, arrest, outcome, length)
    via = source.choices(("xml", "csv", "both"), (60, 30, 10))[0] if day >= setting.xml_since else "csv"
    told = day + source.randint(1, 3) * DAY
    finding = "G" if codes.LEGAL_OUTCOMES[outcome][1] else "N"
    if via != "csv":
        life.message(arrest, day, place, charge, results, told, findings=[finding] * len(arrest.offences))
    if via != "xml":
        life.disposed(arrest, day, results, told)
    if codes.LEGAL_OUTCOMES[outcome][1]:
        life.substantive += 1
        life.appearances += 1
        if length:
            programme(source, life, arrest, outcome, day, length)


def episode(source: Random, life: Life, day: date) -> None:
    """One arrest and all that follows from it."""
    committed = offences(source, day)
    gravity = max(offence.gravity for offence, _ in committed)
    route = str(source.choices(*zip(*ROUTES[min(life.substantive, 2)].items(), strict=True))[0])
    if gravity >= 6 and source.random() < 0.8:
        route = "COURT"
    arrested = day + source.choices((0, 1, source.randint(2, 25)), (55, 20, 25))[0] * DAY
    release = {"COURT": source.choice(("CHARGE", "RUI", "BAIL")), "NO_FURTHER_ACTION": "NFA"}.get(
        route, "OOCD"
    )
    arrest = life.arrested(arrested, committed, release)
    if route == "COURT":
        court(source, life, arrest, gravity)
        return
    life.out_of_court(
        arrest, route, arrested + source.randint(14, 50) * DAY, known_after=source.randint(1, 9)
    )
    length = term(source, route)
    if length:
        start = arrested + source.randint(60, 75) * DAY
        programme(source, life, arrest, route, start, length)


def career(life: Life, first: date, kind: str) -> None:
    """Arrests from the first offence to the eighteenth birthday or the end of the world's period."""
    source = life.rng("career")
    day = first
    for _ in range(30):
        if day > life.setting.horizon or life.age(day) >= 18:
            return
        episode(source, life, day)
        day += max(3, round(source.expovariate(KINDS[kind][1]) * 365)) * DAY
