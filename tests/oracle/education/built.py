"""What the models of education made of the worlds, row by row, with every key turned back into what the sources call things."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from tests.oracle.answers import Answers
from tests.oracle.built import NOBODY, Book
from tests.oracle.education.answers import CONFLICT, EXCLUSION, FIGURES, MONTH, ORDER_END, SPELL
from tests.oracle.education.figures import INDICATORS
from tests.oracle.education.records import owners
from tests.oracle.records import FIRST_NUMBER, Names

KEYS = {
    SPELL: ("source_code", "start_date", "spell_number"),
    CONFLICT: ("conflict_code", "source_code", "other_source_code", "first_day"),
    MONTH: ("month_start",),
    EXCLUSION: ("start_date", "category_code", "sessions"),
}


class EducationBook(Book):
    """Whose and what each key is."""

    def _enter(self, names: Names, child: Any) -> None:
        self.owners |= dict.fromkeys(owners(names, child), (names.world, names.child))

    def order(self, key: int) -> tuple[int, int, int]:
        """World, child and number of an order, known or not whose it is."""
        _, _, source = self.sources[key]
        child, number = source[1:].split("-")
        return *divmod(int(child) - FIRST_NUMBER, 10), int(number)


def built(book: EducationBook, columns: dict[str, set[str]]) -> Answers:
    """The models' rows in the form of the answers, with the columns asked for.

    Args:
        columns: by table; a column the model does not have is left out of its rows.
    """
    found: Answers = {ORDER_END: {}}
    for row in book.rows(f"build.{ORDER_END}"):
        order = book.order(row["order_key"])
        assert row["person_key"] == NOBODY or row["who"] == order[:2], f"order {order} is another child's"
        found[ORDER_END][order] = {n: row[n] for n in sorted(columns[ORDER_END]) if n in row}
    for table, key in KEYS.items():
        found[table] = {}
        for row in book.rows(f"build.{table}"):
            name = (*row["who"], *(row[n] for n in key))
            assert name not in found[table], f"{table} says {name} twice"
            found[table][name] = {n: row[n] for n in sorted(columns.get(table, ())) if n in row}
    _check_numbers(book)
    found[FIGURES] = _figures(book)
    return found


def _check_numbers(book: EducationBook) -> None:
    """Exclusions of a day are numbered from one."""
    numbers: dict[tuple, set[int]] = defaultdict(set)
    for row in book.rows(f"build.{EXCLUSION}"):
        numbers[*row["who"], row["start_date"]].add(row["exclusion_number"])
    assert all(found == set(range(1, len(found) + 1)) for found in numbers.values())


def _figures(book: EducationBook) -> dict[tuple, dict[str, Any]]:
    """Cases that are in, added up by child, figure and day."""
    sums: dict[tuple, dict[str, Any]] = {}
    for row in book.rows(f"intermediate.{FIGURES}", "is_in"):
        if row["indicator_id"] in INDICATORS:
            key = (*row["who"], row["indicator_id"], row["variant_code"], row["case_date"])
            of = sums.setdefault(key, {"numerator": 0, "denominator": 0})
            of["numerator"] += row["numerator"]
            of["denominator"] += row["denominator"]
    return sums
