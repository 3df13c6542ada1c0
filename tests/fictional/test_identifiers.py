"""Identifiers are valid by their check characters and belong to nobody."""

from __future__ import annotations

import re

import pytest

from yos_warehouse.fictional import identifiers
from yos_warehouse.fictional.world import World


@pytest.mark.parametrize(
    ("year", "serial", "letter"),
    [
        (1981, 34, "U"),
        (2002, 73319, "Z"),
        (2000, 223, "R"),
        (1979, 163001, "B"),
        (2003, 3, "Y"),
        (1967, 9893091, "D"),
    ],
)
def test_pnc_letters_of_public_vectors(year: int, serial: int, letter: str) -> None:
    assert identifiers.pnc_letter(year, serial) == letter


def test_asn_letter_of_the_public_vector() -> None:
    assert identifiers.asn_letter("1101ZD0100000448754") == "K"


@pytest.mark.parametrize("upn", ["A950000178301", "H243278544154", "G855400112001", "N855432108123"])
def test_upn_letters_of_public_vectors(upn: str) -> None:
    assert identifiers.upn_letter(upn[1:]) == upn[0]


def test_invalid_upns_of_public_vectors_are_not_ours() -> None:
    assert identifiers.upn_letter("247962919251") != "R"


@pytest.mark.parametrize("uln", ["0000000042", "1000000027"])
def test_uln_digits_of_public_vectors(uln: str) -> None:
    assert str(10 - identifiers.uln_remainder(uln[:9])) == uln[9]


def test_nhs_digit_of_the_public_example() -> None:
    assert identifiers.nhs_digit("943476591") == 9


def test_every_child_has_valid_impossible_and_unique_identifiers(world: World) -> None:
    # The crafted duplicates share the identifiers of the child they repeat.
    doubles = set(world.oddity("duplicate_person").children[1::2])
    lives = [life for life in world.lives if life.ref not in doubles]
    for life in lives:
        assert re.fullmatch(r"209\d/\d{7}[A-HJ-NP-RT-Z]", life.pnc) and identifiers.pnc_is_valid(life.pnc)
        assert re.fullmatch(r"[A-HJ-NP-RT-Z]999\d{9}", life.upn)
        assert identifiers.upn_letter(life.upn[1:]) == life.upn[0]
        remainder = identifiers.uln_remainder(life.uln[:9])
        assert remainder and life.uln == f"{life.uln[:9]}{10 - remainder}" and life.uln < "0002000000"
        assert life.nhs.startswith("999") and identifiers.nhs_digit(life.nhs[:9]) == int(life.nhs[9])
    for name in ("pnc", "upn", "uln", "nhs", "number"):
        values = [getattr(life, name) for life in lives]
        assert len(set(values)) == len(values), name


def test_asns_and_postcodes_are_impossible(world: World) -> None:
    arrests = world.book.as_at("police_arrest", world.setting.horizon)
    assert len(arrests) > 200
    for arrest in arrests:
        asn = arrest["asn"]
        assert (
            re.fullmatch(r"[0-9]{2}00YJ01[0-9]{11}[A-HJ-NP-RT-Z]", asn)
            and identifiers.asn_letter(asn[:-1]) == asn[-1]
        )
        assert arrest["postcode"] == "" or arrest["postcode"].startswith("ZZ99 ")


def test_only_the_named_child_has_an_invalid_pnc(world: World) -> None:
    odd = world.oddity("bad_pnc_form")
    assert not identifiers.pnc_is_valid(odd.records["pnc"][-1])
    assert identifiers.pnc_variant("2002/0073319Z", "short") == "02/73319Z"
