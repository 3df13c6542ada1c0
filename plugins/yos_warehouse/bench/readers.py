"""Twenty readers at once while nights are published: does anybody see an error, a mixture, nothing, or wait?

Half of them ask single statements, half read within repeatable-read transactions. From the highest night
among the rows it got, a reader knows what every other number must be (bench/marts.py).
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg2
from psycopg2.extensions import ISOLATION_LEVEL_REPEATABLE_READ
from psycopg2.extensions import connection as Connection
from psycopg2.extensions import cursor as Cursor

from yos_warehouse.bench.marts import FACTS_OF_A_CHILD, Marts
from yos_warehouse.bench.measure import Measure, at_most, note
from yos_warehouse.bench.place import own_warehouse, settle
from yos_warehouse.build.publish import publish
from yos_warehouse.server.connect import connect

READERS = 20  # as many as the role analyst may have connections
CHILDREN = 200  # asked for at a time: two of each class of a hundred
PAUSE_SECONDS = (0.1, 0.3)  # a person looks at an answer before asking again

JOIN = """
select count(*), count(c.person_key), coalesce(max(f.night), -1), sum(f.night), sum(c.night),
    count(*) filter (where f.night <> c.night), count(d.date_key), count(p.place_key), count(o.crime_key)
from marts.fct_event as f
left join marts.dim_child as c on c.person_key = f.person_key
left join marts.dim_day as d on d.date_key = f.outcome_date
left join marts.dim_place as p on p.place_key = f.place_key
left join marts.dim_crime as o on o.crime_key = f.crime_key
where f.person_key between %s and %s
"""
FACT = "select count(*), sum(night) from marts.fct_event where person_key between %s and %s"
CHILD = "select count(*), sum(night) from marts.dim_child where person_key between %s and %s"


@dataclass
class Seen:
    """What the readers saw; ``answers`` are (asked at, answered at) by the monotonic clock."""

    answers: list[tuple[float, float]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    wrong: int = 0
    nights: set[int] = field(default_factory=set)

    def longest(self, windows: list[tuple[float, float]]) -> float:
        """The longest answer that overlaps one of the windows, in seconds."""
        return max(
            (
                end - start
                for start, end in self.answers
                if any(start < window_end and end > window_start for window_start, window_end in windows)
            ),
            default=0.0,
        )


def measure_readers(rows: int, nights: int = 3) -> list[Measure]:
    """Publish ``nights`` nights of one per cent changed under the eyes of 20 readers.

    Args:
        rows: of the fact.
        nights: at most 99.
    """
    with own_warehouse("readers"):
        marts = Marts(rows)
        marts.create()
        publish(marts.build(0))
        seen = Seen()
        windows = []
        with _readers(rows // FACTS_OF_A_CHILD, seen):
            quiet = (time.monotonic(), time.monotonic() + 3)
            time.sleep(3)
            for night in range(1, nights + 1):
                run_id = marts.build(night)
                settle()
                began = time.monotonic()
                publish(run_id)
                windows.append((began, time.monotonic()))
            time.sleep(1)
    during = sum(any(s < we and e > ws for ws, we in windows) for s, e in seen.answers)
    note(
        f"{len(seen.answers):,} answers, {during:,} of them during {nights} publications of "
        f"{', '.join(f'{end - start:.1f}' for start, end in windows)} s; nights seen {sorted(seen.nights)}; "
        f"longest answer without a publication {seen.longest([quiet]):.2f} s"
    )
    for words in sorted(set(seen.errors)):
        note(f"error: {words}")
    return [
        at_most("readers: errors", len(seen.errors), "of 20 readers during publications", 0),
        at_most("readers: mixed or empty reads", seen.wrong, "of 20 readers during publications", 0),
        at_most("readers: longest wait", seen.longest(windows), "s for one answer", 0.5),
    ]


@contextmanager
def _readers(children: int, seen: Seen) -> Iterator[None]:
    stop = threading.Event()
    ready = threading.Barrier(READERS + 1)
    threads = [
        threading.Thread(target=_read, args=(number, children, seen, stop, ready), daemon=True)
        for number in range(READERS)
    ]
    for thread in threads:
        thread.start()
    ready.wait(60)
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(60)


def _read(number: int, children: int, seen: Seen, stop: threading.Event, ready: threading.Barrier) -> None:
    chance = random.Random(number)
    is_transaction = number % 2 == 1
    connection = connect("analyst", autocommit=not is_transaction, application="bench reader")
    if is_transaction:
        connection.set_session(isolation_level=ISOLATION_LEVEL_REPEATABLE_READ)
    try:
        with connection.cursor() as cursor:
            ready.wait(60)
            while not stop.is_set():
                first = chance.randrange(children // CHILDREN) * CHILDREN
                try:
                    look = _look_twice if is_transaction else _look
                    if not look(connection, cursor, first, seen):
                        seen.wrong += 1
                except psycopg2.Error as problem:
                    seen.errors.append(f"{type(problem).__name__} {problem.pgcode or ''}".strip())
                    connection.rollback()
                stop.wait(chance.uniform(*PAUSE_SECONDS))
    finally:
        connection.close()


def _look(connection: Connection, cursor: Cursor, first: int, seen: Seen) -> bool:
    """One join of the fact with all its dimensions; whether it shows one night, whole."""
    row = _ask(cursor, JOIN, first, seen)
    rows, child, night, facts, children, mixed, *others = row
    seen.nights.add(night)
    wanted = CHILDREN * FACTS_OF_A_CHILD
    return (rows, child, mixed, *others) == (wanted, wanted, 0, wanted, wanted, wanted) and (
        facts == children == _sum_of_nights(night) * FACTS_OF_A_CHILD
    )


def _look_twice(connection: Connection, cursor: Cursor, first: int, seen: Seen) -> bool:
    """Fact, dimension and the join one after the other in one snapshot; whether they are of one night."""
    fact = _ask(cursor, FACT, first, seen)
    time.sleep(0.05)
    child = _ask(cursor, CHILD, first, seen)
    is_whole = _look(connection, cursor, first, seen)
    connection.commit()
    return (
        is_whole
        and fact == (CHILDREN * FACTS_OF_A_CHILD, child[1] * FACTS_OF_A_CHILD)
        and child[0] == CHILDREN
    )


def _ask(cursor: Cursor, statement: str, first: int, seen: Seen) -> tuple:
    began = time.monotonic()
    cursor.execute(statement, (first, first + CHILDREN - 1))
    row = cursor.fetchone()
    seen.answers.append((began, time.monotonic()))
    assert row is not None
    return row


def _sum_of_nights(night: int) -> int:
    """Over 200 children after that night: two of each class 1 to ``night`` carry the number of their night."""
    return CHILDREN // 100 * night * (night + 1) // 2
