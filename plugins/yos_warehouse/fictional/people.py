"""Names, streets and other chance properties of people who do not exist."""

from __future__ import annotations

from collections.abc import Mapping
from random import Random
from typing import Any

from yos_warehouse.fictional import codes


def _words(text: str, separator: str | None = None) -> tuple[str, ...]:
    return tuple(text.split(separator))


GIVEN_MALE = _words(
    "Aaron Abel Alfie Amir Archie Bilal Blake Brody Callum Caspian Corey Dafydd Darius Dexter Elis Ewan "
    "Felix Finlay Gareth Hamza Harvey Idris Imran Jago Jamal Jaxon Joel Kai Kamil Kieran Kwame Leo Levi "
    "Logan Luca Malachi Marek Milo Nathaniel Niall Omar Oskar Piotr Rafferty Reuben Riley Rohan Sami "
    "Sean Tariq Teddy Theo Tobias Tomasz Tyrell Umar Vikram Wesley Yusuf Zayn"
)
GIVEN_FEMALE = _words(
    "Aaliyah Abigail Amara Anya Bethan Carys Chloe Daisy Demi Ebony Eilidh Elsie Fatima Freya Gaia Grace "
    "Hana Imani Isla Jasmine Kezia Lacey Lola Maisie Mia Nadia Niamh Olwen Orla Paige Poppy Priya Ruby "
    "Saoirse Sienna Skye Tegan Thea Willow Zara"
)
# Families of places that do not exist; first and second halves are combined.
_FIRST = _words(
    "Alder Ashen Barrow Bram Brook Calder Cress Dun Eller Fern Garth Hazel Heron Holm Ivel Kestrel Lark "
    "Linden Marl Nether Oak Pell Quill Ravens Rush Sedge Thorn Umber Wether Yarrow"
)
_SECOND = _words("by combe croft dale field ford gate ham holt ley mere more ridge stow thwaite wick worth")
# Families that break careless programs; the first regular children bear them.
AWKWARD_NAMES: tuple[tuple[str, str, str], ...] = (  # sex, given, family
    ("1", "Declan", "O'Brien"),
    ("2", "Zoë", "O’Neill"),
    ("1", "Wei", "Ng"),
    ("1", "Marcus", "Null"),
    ("2", "Ella", "None"),
    ("1", "Arjun", "NA"),
    ("2", "Faith", "True"),
    ("1", "José", "de la Fuente-Ángel"),
    ("2", "Anne Marie", "Smyth, Jr"),
    ("1", "Łukasz", "Wójcikowski"),
    ("1", "Jo", "Nan"),
)
STREETS = _words(
    "Alder Row,Bobbin Lane,Canal Side,Drovers Way,Ember Street,Foundry Road,Gannet Close,Hopyard Lane,"
    "Inkwell Court,Jackdaw Drive,Kiln Street,Lantern Road,Millrace Walk,Nettle Bank,Osier Way,Packhorse Lane,"
    "Quarry Hill,Rookery Road,Saddler Street,Tannery Row,Ullage Yard,Vane Close,Weir Street,Yeoman Road",
    ",",
)
AGE_WEIGHTS = {10: 1, 11: 2, 12: 5, 13: 11, 14: 18, 15: 23, 16: 23, 17: 17}  # at the first offence


def rng(seed: int, *purpose: object) -> Random:
    """A random source of its own for one child and purpose; the same on every machine and run."""
    return Random("/".join(map(str, (seed, *purpose))))


def weighted(source: Random, table: Mapping[Any, float]) -> Any:
    """One key of ``table``, as often as its weight says."""
    return source.choices(list(table), weights=list(table.values()))[0]


def family_name(source: Random) -> str:
    """An invented family name."""
    return source.choice(_FIRST) + source.choice(_SECOND)


def given_name(source: Random, sex: str) -> str:
    """A given name for sex code 1 (male) or 2 (female)."""
    return source.choice(GIVEN_MALE if sex == "1" else GIVEN_FEMALE)


def ethnicity(source: Random) -> str:
    """A self-defined ethnicity code (18+1)."""
    return str(weighted(source, {code: row[0] for code, row in codes.ETHNICITIES.items()}))


def street(source: Random) -> str:
    """House number and street."""
    return f"{source.randint(1, 140)} {source.choice(STREETS)}"
