"""What the models made of the worlds, row by row, with every key turned back into what the sources call things."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from tests.conftest import Warehouse
from tests.oracle import offences, outcomes
from tests.oracle.answers import FIGURES, JUDGED, VARIANT, Answers, offence_name, outcome_name
from tests.oracle.facts import World
from tests.oracle.figures import INDICATORS, Sums
from tests.oracle.records import Names, Row, load

NOBODY = -1  # the police do not say whose it is: no measure of a child counts it
Source = tuple[str, str, str]  # feed, entity, source id

# Who is who is not judged here, but what is built upon it: of the schools' rows those with a child's very name and date of birth
# are the child's, whatever numbers they bear (these worlds give numbers of others and former ones by chance).
_SCHOOLS_BY_NAME_AND_BIRTH = """
delete from identity.person_link where feed = 'education';
insert into identity.person_link (service_code, feed, entity, source_id, person_key, method, since)
select distinct on (row.service_code, row.feed, row.entity, row.source_id)
    row.service_code, row.feed, row.entity, row.source_id, link.person_key, 'name_and_birth', row.recorded_from
from staging.stg_person_record as row
inner join staging.stg_person_record as child using (service_code, given_name, family_name, date_of_birth)
inner join identity.person_link as link
    on link.feed = child.feed and link.entity = child.entity and link.source_id = child.source_id and link.until is null
where row.feed = 'education' and child.feed <> 'education' and child.entity <> 'pnc_check'
order by row.service_code, row.feed, row.entity, row.source_id, row.recorded_from, link.person_key
"""


def build(warehouse: Warehouse, delivered: Iterable[Row], as_at: date) -> list[str]:
    """Load rows of raw and run the night's own steps up to the build; names of the error-level tests that failed."""
    from yos_warehouse.orchestration import steps

    connection = warehouse.connect()
    load(connection, delivered, as_at)
    connection.commit()
    connection.close()
    run_id = steps.open_run("nightly", "oracle", as_at)
    assert run_id is not None
    steps.stage(run_id)
    steps.identify(run_id)
    warehouse.query(_SCHOOLS_BY_NAME_AND_BIRTH)
    steps.build(run_id)
    steps.close_run(run_id, "succeeded")
    failed = warehouse.query(
        "select rule_code from ops.check_result where severity = 'error' and outcome <> 'passed'"
        " union select node from ops.model_run where status = 'error' order by 1"
    )
    return [name for (name,) in failed]


class Book:
    """Whose and what each key is."""

    def __init__(self, warehouse: Warehouse, worlds: list[World]) -> None:
        self._warehouse = warehouse
        self.offences: dict[Source, Any] = {}
        self.outcomes: dict[Source, tuple] = {}
        self.owners: dict[Source, tuple[int, int]] = {}
        for w, world in enumerate(worlds):
            for c, child in enumerate(world.children):
                self._enter(Names(w, c), child)
        self.sources = {
            key: (feed, entity, source)
            for key, feed, entity, source in warehouse.query(
                "select record_key, feed, entity, source_id from identity.record_key"
            )
        }
        self.people: dict[int, tuple[int, int]] = {}
        for feed, entity, source, person_key in warehouse.query(
            "select feed, entity, source_id, person_key from identity.person_link"
        ):
            owner = self.owners[feed, entity, source]
            assert self.people.setdefault(person_key, owner) == owner, "two children became one"
        assert len(set(self.people.values())) == len(self.people), "one child became two"

    def _enter(self, names: Names, child: Any) -> None:
        who = (names.world, names.child)
        self.owners["case_system", "person", names.person_id] = who
        self.owners |= {("police", "arrest", names.asn(a.asn)): who for a in child.arrests}
        for m in child.messages:
            self.owners["police", "court_message", names.message(m.asn, m.hearing_date, m.version)] = who
        for k in child.pnc_checks:
            self.owners["police", "pnc_check", f"{names.pnc_id}|{k.checked_on:%d/%m/%Y}"] = who
        for offence in offences.offences(child):
            name = offence_name(offence)
            if offence.recorded is not None:
                self.offences["case_system", "offence", names.case_system("O", offence.recorded)] = name
            if offence.police is not None:
                asn, sequence = offence.police
                for entity in ("charge", "out_of_court_disposal"):
                    self.offences["police", entity, f"{names.asn(asn)}|{sequence}"] = name
                for m in child.messages:
                    for number, heard in enumerate(m.offences, 1):
                        if (m.asn, heard.sequence) == offence.police:
                            message = names.message(m.asn, m.hearing_date, m.version)
                            self.offences["police", "court_offence", f"{message}|{number}"] = name
        for outcome in outcomes.told_outcomes(child):
            for record in outcome.records:
                self.outcomes[names.source(child, record)] = outcome_name(outcome)

    def rows(self, table: str, where: str = "true") -> list[dict[str, Any]]:
        """Rows of a table of the build, each with its child as ``who`` where it has one."""
        found = self._warehouse.query(
            f"select to_jsonb(t) from {table} as t where {where}"  # dates become texts: see typed
        )
        return [self._typed(row) for (row,) in found]

    def _typed(self, row: dict[str, Any]) -> dict[str, Any]:
        typed = {
            name: date.fromisoformat(value)
            if isinstance(value, str) and len(value) == 10 and value[4::3] == "--"
            else value
            for name, value in row.items()
        }
        typed["who"] = self.people.get(typed.get("person_key"), (-1, typed.get("person_key")))
        return typed

    def offence(self, key: int) -> Any:
        """What an offence key is called, or its source."""
        return self.offences.get(self.sources.get(key), self.sources.get(key, key))  # type: ignore[arg-type]

    def outcome(self, key: int) -> Any:
        """What an outcome key is called, or its source."""
        return self.outcomes.get(self.sources.get(key), self.sources.get(key, key))  # type: ignore[arg-type]


def built(book: Book, columns: dict[str, set[str]]) -> Answers:
    """The models' rows in the form of the answers, with the columns asked for.

    Args:
        columns: by table; a column the model does not have is left out of its rows.
    """
    keys = {
        "fct_offence": lambda r: (book.offence(r["offence_key"]),),
        "fct_outcome": lambda r: book.outcome(r["outcome_key"]),
        "fct_index_event": lambda r: tuple(
            r[n] for n in ("index_date", "event_type_code", "is_breach", "is_living_here", "is_appealed_away")
        ),
        "fct_cohort_member": lambda r: (r["cohort_code"],),
        "fct_cohort_checkpoint": lambda r: (r["cohort_code"], r["basis_code"], r["months"]),
        VARIANT: lambda r: (r["cohort_code"],),
        JUDGED: lambda r: (r["cohort_code"], book.offence(r["offence_key"])),
        "fct_sentencing_occasion": lambda r: (r["outcome_date"],),
        "fct_remand_episode": lambda r: (r["start_date"],),
        "fct_remand_night": lambda r: (r["start_date"], r["quarter_start"]),
        "fct_out_of_court_disposal": lambda r: (_police_id(book, r["disposal_key"]),),
    }
    found: Answers = {}
    for table, key in keys.items():
        if table == VARIANT:
            rows = book.rows(f"intermediate.{table}", "rule_code like 'NI19\\_%%'")
        else:
            rows = book.rows(f"{'intermediate' if table == JUDGED else 'build'}.{table}")
        if table == "fct_remand_night":
            start = {r["episode_key"]: r["start_date"] for r in book.rows("build.fct_remand_episode")}
            rows = [r | {"start_date": start[r["episode_key"]]} for r in rows]
        wanted = columns.get(table, set())
        found[table] = {}
        for row in rows:
            if row["person_key"] == NOBODY:
                continue
            name = (*row["who"], *key(row))
            assert name not in found[table], f"{table} says {name} twice"
            found[table][name] = {n: row[n] for n in sorted(wanted) if n in row}
    found[FIGURES] = _figures(book)
    return found


def _figures(book: Book) -> dict[tuple, dict[str, Any]]:
    """Cases that are in, added up by child, figure and day."""
    sums: dict[tuple[int, int], Sums] = {}
    for row in book.rows(f"intermediate.{FIGURES}", "is_in"):
        if row["indicator_id"] in INDICATORS:
            of_child = sums.setdefault(row["who"], Sums())
            of_child.add(
                row["indicator_id"],
                row["variant_code"],
                row["case_date"],
                row["numerator"],
                row["denominator"],
            )
    return {
        (*who, *key): {"numerator": numerator, "denominator": denominator}
        for who, of_child in sums.items()
        for key, (numerator, denominator) in of_child.found().items()
    }


def _police_id(book: Book, key: int) -> Any:
    _, _, source = book.sources[key]
    asn, sequence = source.split("|")
    return int(asn[8:19]) % 10, int(sequence)
