"""How records of the same child come to differ: the errors of each source, and how often they are made."""

from __future__ import annotations

from datetime import date
from random import Random

from yos_warehouse.fictional import identifiers
from yos_warehouse.fictional.people_stock import short_names

# Chance of each error in a record of a source. One that presupposes something (a former name, an earlier address, an
# alias, a nickname to have) is the chance where that is so.
RATES: dict[str, dict[str, float]] = {
    "case_system": {
        "family_typed": 0.012, "given_typed": 0.010, "nickname": 0.03, "former_family": 0.30, "names_swapped": 0.002,
        "born_swapped": 0.004, "born_slipped": 0.006, "born_missing": 0.004, "born_january": 0.004, "born_1900": 0.003,
        "home_earlier": 0.15, "home_missing": 0.03, "postcode_typed": 0.010,
        "pnc_missing": 0.12, "pnc_typed": 0.008, "pnc_short": 0.02, "pnc_sentinel": 0.002,
        "upn_missing": 0.15, "upn_former": 0.30, "upn_sentinel": 0.001, "uln_missing": 0.40, "nhs_missing": 0.45,
        "family_unknown": 0.0005,
    },
    "police": {
        "family_typed": 0.025, "given_typed": 0.020, "nickname": 0.08, "former_family": 0.40, "names_swapped": 0.005,
        "born_swapped": 0.008, "born_slipped": 0.012, "born_missing": 0.010, "born_january": 0.010, "born_1900": 0.005,
        "alias": 0.45, "home_earlier": 0.20, "home_missing": 0.08, "postcode_typed": 0.020,
        "pnc_missing": 0.10, "pnc_typed": 0.010, "pnc_short": 0.03, "pnc_sentinel": 0.005, "family_unknown": 0.002,
    },
    "court": {
        "family_typed": 0.020, "given_typed": 0.015, "nickname": 0.04, "former_family": 0.35, "names_swapped": 0.004,
        "born_swapped": 0.006, "born_slipped": 0.008, "born_missing": 0.015, "born_january": 0.005, "born_1900": 0.003,
        "alias": 0.30, "home_earlier": 0.15, "home_missing": 0.06, "postcode_typed": 0.015,
        "pnc_missing": 0.70, "pnc_typed": 0.008, "pnc_short": 0.01, "pnc_sentinel": 0.002, "asn_missing": 0.08,
    },
    "education": {
        "family_typed": 0.006, "given_typed": 0.006, "nickname": 0.05, "former_family": 0.40, "names_swapped": 0.001,
        "born_swapped": 0.002, "born_slipped": 0.003, "born_missing": 0.001, "born_january": 0.001,
        "home_earlier": 0.10, "home_missing": 0.02, "postcode_typed": 0.006,
        "upn_missing": 0.04, "upn_former": 0.40, "upn_sentinel": 0.002, "uln_missing": 0.50, "family_unknown": 0.0003,
    },
}  # fmt: skip
NO_PNC, NO_UPN, NO_FAMILY, NO_BIRTH = "0000/0000000Z", "A000000000000", "UNKNOWN", "1900-01-01"
_SOUNDS = (
    ("PH", "F"), ("CK", "K"), ("GH", ""), ("EE", "EA"), ("EY", "Y"), ("IE", "Y"), ("LL", "L"), ("SS", "S"), ("QU", "KW"),
    ("C", "K"), ("Y", "I"), ("S", "Z"), ("V", "F"), ("A", "E"), ("O", "AU"),
)  # fmt: skip
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def typed(source: Random, text: str) -> str:
    """A word with one typing error: a letter more, less, swapped with its neighbour or another, or as it sounds."""
    kind = source.randrange(5)
    at = source.randrange(len(text))
    letter = source.choice(_LETTERS)
    if kind == 0:
        return text[:at] + letter + text[at:]
    if kind == 1 and len(text) > 3:
        return text[:at] + text[at + 1 :]
    if kind == 2:
        at = min(at, len(text) - 2)
        if at >= 0 and text[at] != text[at + 1]:
            return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    if kind == 3:
        heard = [(sound, other) for sound, other in _SOUNDS if sound in text]
        if heard:
            return text.replace(*source.choice(heard), 1)
    return text[:at] + (letter if text[at] != letter else "X" if letter != "X" else "Z") + text[at + 1 :]


def nickname(source: Random, given: str) -> str:
    """What a child is called besides, or the name itself."""
    return source.choice(short_names().get(given, (given,)))


def day_month_swapped(birth: str) -> str:
    """ISO date with day and month the wrong way round, where that is a date."""
    year, month, day = birth.split("-")
    return f"{year}-{day}-{month}" if int(day) <= 12 else birth


def digit_slipped(source: Random, birth: str) -> str:
    """ISO date with one digit wrong; a date all the same."""
    while True:
        at = source.choice((3, 6, 8, 9))
        slipped = birth[:at] + source.choice("0123456789") + birth[at + 1 :]
        try:
            date.fromisoformat(slipped)
        except ValueError:
            continue
        if slipped != birth:
            return slipped


def postcode_typed(source: Random, postcode: str) -> str:
    """A postcode with another last letter, or the last two the wrong way round; still in ZZ99."""
    if source.random() < 0.5 and postcode[-1] != postcode[-2]:
        return postcode[:-2] + postcode[-1] + postcode[-2]
    return postcode[:-1] + source.choice([sign for sign in "ABDEFGHJLNPQRSTUWXYZ" if sign != postcode[-1]])


def pnc_typed(pnc: str) -> str:
    """A PNC id whose check letter does not fit."""
    return identifiers.pnc_variant(pnc, "invalid")


def slip(source: Random, given: str, family: str, birth: date) -> dict[str, str | date]:
    """given, family or birth of a child of the fictional service as somebody has it wrong; as often the one as the other.

    Where a child has no nickname, or a day of birth that is no month, the family name is mistyped.
    """
    kind = source.choice(("typed", "nickname", "swapped"))
    if kind == "nickname" and given.upper() in short_names():
        return {"given": nickname(source, given.upper()).title()}
    if kind == "swapped" and birth.day <= 12 and birth.day != birth.month:
        return {"birth": birth.replace(month=birth.day, day=birth.month)}
    return {"family": typed(source, family.upper()).title()}
