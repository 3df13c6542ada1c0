"""Identifiers with valid check characters that nobody can hold (domain.md 2.3, 2.5; design.md 2).

PNC ids are of the years 2090 to 2099, ASNs of force 00, UPNs of authority 999, ULNs below 0002000000
(of the table of people below 0010000000), NHS numbers that begin with 999, postcodes in ZZ99.
"""

from __future__ import annotations

POLICE_ALPHABET = "ZABCDEFGHJKLMNPQRTUVWXY"  # PNC ids and ASNs; no I, O, S
UPN_ALPHABET = "ABCDEFGHJKLMNPQRTUVWXYZ"


def pnc_letter(year: int, serial: int) -> str:
    """Check letter of a PNC id: two-digit year and seven-digit serial mod 23."""
    return POLICE_ALPHABET[int(f"{year % 100:02d}{serial:07d}") % 23]


def pnc_id(number: int) -> str:
    """PNC id of child ``number`` in canonical form ``YYYY/NNNNNNNC``; unique below ten million."""
    year = 2090 + number % 10
    serial = number * 7919 % 10_000_000
    return f"{year}/{serial:07d}{pnc_letter(year, serial)}"


def pnc_is_valid(pnc: str) -> bool:
    """Whether a canonical PNC id has the right check letter."""
    year, rest = pnc.split("/")
    return pnc_letter(int(year), int(rest[:7])) == rest[7]


def pnc_variant(pnc: str, style: str) -> str:
    """The same id as people type it.

    Args:
        pnc: canonical form.
        style: short (``92/73319Z``), bare (no slash), lower, spaced, or invalid (wrong letter).
    """
    year, rest = pnc.split("/")
    if style == "short":
        return f"{year[2:]}/{int(rest[:7])}{rest[7]}"
    if style == "bare":
        return year + rest
    if style == "lower":
        return pnc.lower()
    if style == "spaced":
        return f" {pnc} "
    wrong = POLICE_ALPHABET[(POLICE_ALPHABET.index(rest[7]) + 1) % 23]
    return f"{year}/{rest[:7]}{wrong}"


def asn_letter(asn: str) -> str:
    """Check letter of an ASN given without it: FF, SS, YY and the sequence as one number, mod 23."""
    year, force, system, sequence = asn[0:2], asn[2:4], asn[6:8], asn[8:19]
    digits = (force if force.isdigit() else "") + (system if system.isdigit() else "") + year + sequence
    return POLICE_ALPHABET[int(digits) % 23]


def asn(year: int, number: int) -> str:
    """ASN of force 00, unit YJ, system 01; ``number`` has up to eleven digits."""
    body = f"{year % 100:02d}00YJ01{number:011d}"
    return body + asn_letter(body)


def upn_letter(digits: str) -> str:
    """Check letter of the twelve digits of a UPN: weights 2 to 13, mod 23."""
    return UPN_ALPHABET[sum(int(d) * w for d, w in zip(digits, range(2, 14), strict=True)) % 23]


def upn(number: int, year: int, school: int = 2000) -> str:
    """UPN of child ``number`` first registered in ``year``; unique below one million.

    Args:
        school: first of the thousand establishments that give it; another one gives a child a second number.
    """
    digits = f"999{school + number // 1000:04d}{year % 100:02d}{number % 1000:03d}"
    return upn_letter(digits) + digits


def temporary_upn(number: int, year: int) -> str:
    """UPN a school gives until the permanent one is found: its last character is a letter, worth its place."""
    digits = f"999{4000 + number // 1000:04d}{year % 100:02d}{number % 1000 // 10:02d}"
    last = number % 10
    total = sum(int(d) * w for d, w in zip(digits, range(2, 13), strict=True)) + last * 13
    return UPN_ALPHABET[total % 23] + digits + UPN_ALPHABET[last]


def uln_remainder(first_nine: str) -> int:
    """Weighted sum of nine digits, weights 10 to 2, mod 11; 0 cannot be issued."""
    return sum(int(d) * (10 - i) for i, d in enumerate(first_nine)) % 11


def uln(number: int) -> str:
    """ULN of child ``number``. Of two neighbours at least one can be issued, so each child has its own."""
    for candidate in (2 * number, 2 * number + 1):
        base = f"{candidate:09d}"
        remainder = uln_remainder(base)
        if remainder:
            return f"{base}{10 - remainder}"
    raise AssertionError("two neighbours never both leave remainder 0")


def nhs_digit(first_nine: str) -> int:
    """Check digit of an NHS number: weights 10 to 2, taken from 11; 10 cannot be issued."""
    return (11 - uln_remainder(first_nine)) % 11


def nhs_number(number: int) -> str:
    """NHS number of child ``number``, below half a million. Of two neighbours at least one can be issued."""
    for candidate in (2 * number, 2 * number + 1):
        base = f"999{candidate:06d}"
        if nhs_digit(base) < 10:
            return f"{base}{nhs_digit(base)}"
    raise AssertionError("two neighbours never both leave 10")


def postcode(sector: int, number: int) -> str:
    """Postcode in ZZ99, sector 0 to 9."""
    letters = "ABDEFGHJLNPQRSTUWXYZ"
    return f"ZZ99 {sector}{letters[number // 20 % 20]}{letters[number % 20]}"
