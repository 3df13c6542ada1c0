"""Oddities of the courts' messages: each shape that real messages have, and each result code a rule looks at.

Each function tells one oddity of domain.md 2.4 or 3.4 and returns its handle; its docstring says what is odd.
The case system has the offences and no outcome of them: what these children got, only the courts say.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from yos_warehouse.fictional import codes, identifiers
from yos_warehouse.fictional.lives import DAY, Arrest, Life, result_of
from yos_warehouse.fictional.setting import weekday_from
from yos_warehouse.fictional.stage import Oddity, Stage

Result = dict[str, Any]
# Results that decide an offence, one offence each (domain.md 3.4).
DECIDING: tuple[Result, ...] = (
    {"code": "1003", "unit": "L", "duration": 1}, {"code": "1007", "duration": 24}, {"code": "1024", "duration": 6},
    {"code": "1081", "duration": 8}, {"code": "1142", "duration": 12}, {"code": "1143", "duration": 12},
    {"code": "1141", "duration": 12}, {"code": "1097", "duration": 6}, {"code": "1083", "duration": 3},
    {"code": "1015", "amount": "80.00"}, {"code": "3012", "amount": "50.00"}, {"code": "1018", "duration": 12},
    {"code": "1017"}, {"code": "3112", "qualifiers": ["J"]}, {"code": "2004"}, {"code": "2006"}, {"code": "2050"},
    {"code": "2051"}, {"code": "2063"}, {"code": "3502"}, {"code": "1087"},
)  # fmt: skip
ACQUITTALS = ("2004", "2006", "2050", "2051", "2063")
# Results that decide nothing: what goes with a sentence or ends a caution ...
BESIDE: tuple[Result, ...] = (
    {"code": "1085", "duration": 3}, {"code": "1177", "duration": 12}, {"code": "1117"}, {"code": "1118"},
    {"code": "3101", "duration": 40, "unit": "H"}, {"code": "3105", "duration": 8, "unit": "W", "qualifiers": ["RE"]},
    {"code": "3111", "duration": 12, "unit": "H"}, {"code": "3127", "duration": 6},
    {"code": "3118", "text": "5 other offences admitted and taken into consideration."}, {"code": "3164"},
)  # fmt: skip
# ... remands on bail and in custody, and remittals to the youth court.
REMANDED = ("4027", "4028", "4029", "4054", "4055", "4056", "4057", "4058", "4542")
REMITTED = (
    "4024", "4025", "4026", "4030", "4031", "4032", "4033", "4034", "4035", "4066", "4548", "4549", "4550", "4551",
    "4552",
)  # fmt: skip


def _charged(stage: Stage, number: int, days_ago: int, **given: Any) -> tuple[Life, Arrest, date]:
    """A child of 16 charged with so many offences of different codes; the day is that of the first hearing."""
    life = stage.child(16, **given)
    stage.learns(life)
    day = weekday_from(stage.ago(days_ago))
    arrested = day - 30 * DAY
    drawn = [codes.OFFENCES[i % len(codes.OFFENCES)] for i in range(number)]
    arrest = life.arrested(
        arrested, [(one, arrested - (1 + i) * DAY) for i, one in enumerate(drawn)], "CHARGE"
    )
    life.charged(arrest, arrested + DAY)
    return life, arrest, day


def _tell(
    stage: Stage,
    life: Life,
    arrest: Arrest,
    day: date,
    results: list[list[Result]],
    *,
    final: bool = True,
    findings: list[str] | None = None,
    known: date | None = None,
    resend: int = 0,
    offences: dict[int, dict[str, Any]] | None = None,
    **more: Any,
) -> None:
    """A message in which single values differ from what courts mostly send.

    Args:
        offences: values by the offence's place (from 0).
        more: values of the message.
    """
    known = known or day + DAY
    life.message(arrest, day, "MCY", arrest.day + DAY, results, known, final, findings, resend)
    key = (arrest.asn, day.isoformat(), resend)
    told = stage.book.versions("police_message", key)[-1].values or {}
    changed = [one | (offences or {}).get(i, {}) for i, one in enumerate(told["offences"])]
    stage.book.change("police_message", key, known, offences=changed, **more)


def court_decides(stage: Stage) -> Oddity:
    """One message with more than twenty offences, each decided by another result code."""
    life, arrest, day = _charged(stage, len(DECIDING), 40)
    findings = ["N" if one["code"] in ACQUITTALS else "G" for one in DECIDING]
    breaches = {i: {"code": "SE20517"} for i, one in enumerate(DECIDING) if one["code"] in ("3502", "1087")}
    _tell(stage, life, arrest, day, [[one] for one in DECIDING], findings=findings, offences=breaches)
    return Oddity(
        "court_decides", (life.ref,), {"asn": (arrest.asn,)}, (day + DAY,), "each deciding result code"
    )


def court_decides_nothing(stage: Stage) -> Oddity:
    """Three hearings that end without any outcome: remanded, remitted, and results that only go beside a sentence."""
    life, arrest, day = _charged(stage, 15, 60)
    for i, spoken in enumerate((REMANDED, REMITTED, BESIDE)):
        at = weekday_from(day + 14 * i * DAY)
        following = (weekday_from(at + 14 * DAY), codes.COURTS["MCY"])
        results: list[list[Result]] = [
            [one if isinstance(one, dict) else {"code": one, "next": following, "bail": "UBC"[n % 3]}]
            for n, one in enumerate(spoken)
        ]
        part = Arrest(arrest.asn, arrest.day, arrest.offences[: len(results)])
        _tell(stage, life, part, at, results, final=i == 2)
    return Oddity(
        "court_decides_nothing", (life.ref,), {"asn": (arrest.asn,)}, (), "many results and no outcome"
    )


def court_occasion(stage: Stage) -> Oddity:
    """One occasion, four sentences of custody: eight months, six and two concurrent, three consecutive. With each
    other result qualifier a rule looks at beside them."""
    life, arrest, day = _charged(stage, 4, 35)
    beside = {"code": "3105", "duration": 8, "unit": "W", "qualifiers": ["RE"]}
    results: list[list[Result]] = [
        [result_of("DETENTION_AND_TRAINING_ORDER", duration=8), beside, {"code": "3012", "amount": "25.00"}],
        [result_of("DETENTION_AND_TRAINING_ORDER", duration=6, qualifiers=["C"])],
        [result_of("DETENTION_AND_TRAINING_ORDER", duration=2, qualifiers=["C", "S"])],
        [result_of("DETENTION_AND_TRAINING_ORDER", duration=3, qualifiers=["F"])],
    ]
    _tell(stage, life, arrest, day, results, bail="C")
    return Oddity(
        "court_occasion", (life.ref,), {"asn": (arrest.asn,)}, (day + DAY,), "8 and 3 months of custody"
    )


def court_amended(stage: Stage) -> Oddity:
    """A result sent three times: as it was given, the same once more word by word, and corrected weeks later. One
    offence is found guilty of an alternative, one was added in court and has no number."""
    life, arrest, day = _charged(stage, 3, 50)
    told = (day + DAY, day + 2 * DAY, day + 20 * DAY)
    first: list[list[Result]] = [
        [result_of("YOUTH_REHABILITATION_ORDER", duration=12)],
        [result_of("YOUTH_REHABILITATION_ORDER", duration=12)],
        [result_of("FINE", amount="40.00")],
    ]
    findings, added = ["G", "A", "G"], {2: {"sequence": 0}}
    _tell(stage, life, arrest, day, first, findings=findings, known=told[0], offences=added)
    said = stage.book.versions("police_message", (arrest.asn, day.isoformat(), 0))[-1].values or {}
    again = said | {"name": f"{said['name']}_again"}
    stage.book.put("police_message", (arrest.asn, day.isoformat(), 1), told[1], **again)
    first[0] = [result_of("REFERRAL_ORDER", duration=9)]
    _tell(stage, life, arrest, day, first, findings=findings, known=told[2], resend=2, offences=added)
    return Oddity("court_amended", (life.ref,), {"asn": (arrest.asn,)}, told, "1141, again 1141, then 1097")


def court_shapes(stage: Stage) -> Oddity:
    """Adjourned after judgement with everything a message can hold; adjourned without a day, without an arrest summons
    number, birth date and dates; and sentenced under a mistyped number, with codes nobody knows or none at all."""
    known = []
    full, arrest, day = _charged(stage, 2, 45)
    following = (weekday_from(day + 21 * DAY), codes.COURTS["CC"])
    adjourned = {"code": "4027", "next": following, "bail": "B"}
    _tell(
        stage, full, arrest, day, [[adjourned], [adjourned, {"code": "4506", "next": following, "reason": None}]],
        offences={0: {"final": False, "alcohol": (35, "A"), "end": arrest.offences[0].day}, 1: {"final": False}},
        telephones=("01632 960001", "01632 960002", "07700 900003"),
        emails=("one@example.org", "two@example.org"), nationality="1", pnc=full.pnc, bail="B",
        conditions="Residence - live and sleep each night at the home address ;Curfew between 21:00 and 07:00",
        reason_for_bail="To ensure appearance;", address=("4 Weir Street", "Alderbrook", "Oakshire", "", "ZZ99 1AA"),
    )  # fmt: skip
    known.append(arrest.asn)
    bare, arrest, day = _charged(stage, 2, 44)
    nothing = {"charge": None, "arrest": None, "mode": "", "final": False, "conviction": None, "finding": ""}
    _tell(
        stage, bare, arrest, day, [[{"code": "2007"}], [{"code": "2007"}, {"code": "4594", "qualifiers": ["LG"]}]],
        final=False, offences={0: nothing, 1: nothing}, asn="", pnc="", title="", birth=None, bail="A",
        address=("No fixed abode",),
    )  # fmt: skip
    odd, arrest, day = _charged(stage, 3, 43)
    wrong = identifiers.POLICE_ALPHABET[(identifiers.POLICE_ALPHABET.index(arrest.asn[-1]) + 1) % 23]
    lasting = {"code": "1115", "duration": 2, "unit": "W", "second": (12, "W"), "qualifiers": ["BA"]}
    _tell(
        stage, odd, arrest, day,
        [
            [result_of("REFERRAL_ORDER", duration=6, **{"from": day, "until": day + 183 * DAY}), lasting],
            [{"code": "9991"}, {"text": "Licence endorsed.", "points": 6}],
            [{"code": "3102", "duration": 10, "unit": "S"}],
        ],
        asn=f"{arrest.asn[:2]}/{arrest.asn[2:6]}/{arrest.asn[6:8]}/{int(arrest.asn[8:19])}{wrong}",
        offences={1: {"code": codes.UNKNOWN_OFFENCE_CODE, "plea": "7", "mode": "03"}, 2: {"date_code": "6"}},
    )  # fmt: skip
    records = {"asn": tuple(known)}
    return Oddity("court_shapes", (full.ref, bare.ref, odd.ref), records, (), "every element of a message")


def court_breach(stage: Stage) -> Oddity:
    """A breach of an order, told by the case system and in a message of the court: nothing new is proven."""
    life = stage.child(16)
    stage.learns(life)
    _, _, order = stage.simple(life, 200, "REFERRAL_ORDER", "TH68037", order_weeks=39)
    assert order
    heard = weekday_from(stage.ago(30))
    offence, outcome = life.breach(order, "REFERRAL_ORDER", heard - 20 * DAY, heard, "BREACH_DEALT")
    records = {"order": (order,), "offence": (offence,), "outcome": (outcome,)}
    return Oddity("court_breach", (life.ref,), records, (heard + DAY,), "told by the court as well")
