"""Numbers that name a person, in canonical form or none at all (domain.md 2.3, 2.5, 2.6).

The warehouse's own records come canonical from staging; these readings are for any other people table.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_POLICE = "ZABCDEFGHJKLMNPQRTUVWXY"  # no I, O, S
_PUPIL = "ABCDEFGHJKLMNPQRTUVWXYZ"  # no I, O, S
_NEWEST_CENTURY = 35  # a two-digit year up to this is of the 2000s


def read_pnc(text: str) -> str | None:
    """PNC id as ``YYYY/NNNNNNNL``; None when its letter does not fit or its serial is nought."""
    tidy = re.sub(r"\s", "", text.upper())
    found = (
        re.fullmatch(r"((?:19|20)\d\d)/(\d{1,7})([A-Z])", tidy)
        or re.fullmatch(r"((?:19|20)\d\d)(\d{5,7})([A-Z])", tidy)
        or re.fullmatch(r"(\d\d)/?(\d{1,7})([A-Z])", tidy)
    )
    if not found:
        return None
    year, serial, letter = found[1], found[2].zfill(7), found[3]
    if len(year) == 2:
        year = ("20" if int(year) <= _NEWEST_CENTURY else "19") + year
    if not int(serial) or letter != _POLICE[int(year[2:] + serial) % 23]:
        return None
    return f"{year}/{serial}{letter}"


def read_asn(text: str) -> str | None:
    """Arrest summons number: capitals and digits only, at least one digit other than nought."""
    tidy = re.sub(r"[^A-Z0-9]", "", text.upper())
    return tidy if re.search(r"[1-9]", tidy) else None


def read_upn(text: str) -> str | None:
    """Unique pupil number whose letter fits; None for noughts."""
    tidy = text.strip().upper()
    if not re.fullmatch(rf"[{_PUPIL}]\d{{11}}[\d{_PUPIL}]", tidy) or not re.search(r"[1-9]", tidy[1:]):
        return None
    worths = [*map(int, tidy[1:12]), int(tidy[12]) if tidy[12].isdigit() else _PUPIL.index(tidy[12])]
    total = sum(place * worth for place, worth in enumerate(worths, 2))
    return tidy if tidy[0] == _PUPIL[total % 23] else None


def read_uln(text: str) -> str | None:
    """Unique learner number whose last digit fits; None for 9999999999 and noughts."""
    tidy = text.strip()
    if not re.fullmatch(r"\d{10}", tidy) or not int(tidy[:9]):
        return None
    remainder = sum(int(digit) * (10 - place) for place, digit in enumerate(tidy[:9])) % 11
    return tidy if remainder and int(tidy[9]) == 10 - remainder else None


def read_nhs(text: str) -> str | None:
    """NHS number whose last digit fits; None when one digit fills it."""
    tidy = re.sub(r"[\s-]", "", text)
    if not re.fullmatch(r"\d{10}", tidy) or len(set(tidy)) == 1:
        return None
    check = 11 - sum(int(digit) * (10 - place) for place, digit in enumerate(tidy[:9])) % 11
    return tidy if int(tidy[9]) == check % 11 and check != 10 else None


def read_other(text: str) -> str | None:
    """Any other number: capitals, letters and digits only, not one character over and over."""
    tidy = re.sub(r"[^A-Z0-9]", "", text.upper())
    return tidy if len(set(tidy)) > 1 else None


# Column of the people table -> how it is read. own_id is the sender's own and taken as it stands.
NUMBERS: dict[str, Callable[[str], str | None]] = {
    "pnc_id": read_pnc,
    "asn": read_asn,
    "upn": read_upn,
    "former_upn": read_upn,
    "uln": read_uln,
    "nhs_number": read_nhs,
    "other_id": read_other,
}
