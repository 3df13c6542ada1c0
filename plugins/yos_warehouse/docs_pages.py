"""Pages of docs/ that are generated from what the code reads, so that they cannot disagree with it."""

# ruff: noqa: E501 - the sentences of the pages stay whole

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from yos_warehouse.docs_checks import OWNERS, THEN, checks_page, table
from yos_warehouse.docs_connect import write_connect_pages
from yos_warehouse.docs_dictionary import dictionary_page
from yos_warehouse.door.refusals import REFUSALS
from yos_warehouse.door.suite import Rule, rules
from yos_warehouse.settings import PROJECT_DIR
from yos_warehouse.sources.contract import XML_FORMATS, Column, Contract, Delivers, Entity, contracts
from yos_warehouse.sources.naming import patterns
from yos_warehouse.telling.runbooks import runbook_of

_EVERY = {
    "day": "every day",
    "week": "every week",
    "month": "every month",
    "term": "every term",
    "quarter": "every quarter",
}
_DELIVERS = {
    Delivers.FULL_SNAPSHOT: "Everything, every time. A record that is no longer in a delivery counts as gone.",
    Delivers.FULL_PER_CHILD: "Everything about each child in the delivery. A record of such a child that is no "
    "longer there counts as gone; nothing is said about children who are not in the delivery.",
    Delivers.FULL_PER_TERM: "Everything about one school term, which is that of the date of the delivery (January to April, "
    "May to August, September to December). A record that is no longer in a later delivery of the same term counts as "
    "gone; nothing is said about other terms.",
    Delivers.CHANGES: "What is new or has changed. Nothing is said about records that are not in the delivery.",
}
_TYPES = {
    "text": "text",
    "code": "code",
    "date": "date",
    "timestamp": "date and time",
    "integer": "whole number",
    "decimal": "number",
    "money": "pounds",
    "boolean": "yes or no",
}
_PERSONAL = {
    "none": "no",
    "name": "name",
    "date_of_birth": "date of birth",
    "address": "address",
    "identifier": "identifier",
    "free_text": "free text",
}


def write_all_pages(out: Path | None = None) -> list[Path]:
    """Write every generated page below ``out`` (docs/ of the project if not given); returns their paths."""
    out = out or PROJECT_DIR / "docs"
    dictionary = out / "dictionary.md"
    feeds = write_contract_pages(out / "feeds")
    dictionary.write_text(dictionary_page(), "utf-8")
    checks = out / "checks.md"
    checks.write_text(checks_page(), "utf-8")
    return [*feeds, dictionary, checks, *write_connect_pages(out)]


def write_contract_pages(out: Path) -> list[Path]:
    """Write one page per contract, ``<out>/<feed>.md``; returns their paths."""
    out.mkdir(parents=True, exist_ok=True)
    paths = []
    for feed, contract in contracts().items():
        path = out / f"{feed}.md"
        path.write_text(contract_page(contract), "utf-8")
        paths.append(path)
    return paths


def contract_page(contract: Contract) -> str:
    """The page of one feed, for the partner who sends it: markdown."""
    parts = [
        f"# {contract.title}: what to send",
        f"*Generated from `dags/feeds/{contract.feed}.yml` by `make docs`; do not edit.*",
        contract.about.strip(),
        _facts(contract),
        _how(contract),
        _refused(contract),
        *(_entity(contract, name, entity) for name, entity in contract.entities.items()),
    ]
    if any(entity.format == "nccis_xml" for entity in contract.entities.values()):
        parts.append(_NCCIS)
    if any(entity.format == "ctf_xml" for entity in contract.entities.values()):
        parts.append(_CTF)
    return "\n\n".join(parts) + "\n"


def _facts(contract: Contract) -> str:
    encoding = {"utf-8": "UTF-8 (UTF-16 with a byte order mark is read too)", "cp1252": "Windows-1252"}
    last = {"required": "must end with a line end", "optional": "may lack its line end"}
    lines = [
        ("Feed", f"`{contract.feed}`"),
        ("Expected", _EVERY[contract.every]),
        ("Looks after the data", f"{contract.owner.name}, {contract.owner.email}"),
        ("Text encoding", encoding[contract.encoding]),
        (
            "CSV files",
            f"comma-separated, a header in the first line; the last line {last[contract.final_newline]}",
        ),
        (
            "Columns",
            "found by their header; case, spaces, underscores and order do not matter; others are ignored",
        ),
    ]
    if contract.ignored_files:
        lines.append(("Not read", ", ".join(f"`{pattern}`" for pattern in contract.ignored_files)))
    return table(("", ""), lines)


def _how(contract: Contract) -> str:
    if any(entity.format == "query" for entity in contract.entities.values()):
        return (
            "## How it is read\n\n"
            "Nothing is sent: the night reads the system's database itself, all entities in one snapshot, and writes "
            "what it read as a delivery of CSV files. The queries are in the contract; another system is another "
            "set of queries that give the same columns. `YOS_SOURCE_URL` says where the database is."
        )
    return (
        "## How to check and deliver it\n\n"
        f"```\nyos check {contract.feed} FILES\nyos pack {contract.feed} FILES --date 2026-03-31 --fictional\n```\n\n"
        "`yos check` says what would be refused or held back, without loading anything and without showing a value. "
        "`yos pack` copies the files into the drop store and writes the manifest (file names, sizes, rows, SHA-256). "
        "The date is the day the content is about. A corrected delivery is packed the same way under the same "
        "date; the same content twice changes nothing.\n\n"
        "Mails name a file by the pattern of its name and its place in the delivery, and a column that is not known "
        "by its place: either name could be a child's."
    )


def _refused(contract: Contract) -> str:
    rows = [(f"[`{refusal.code}`](../{runbook_of(refusal.code)})", refusal.says) for refusal in REFUSALS]
    return (
        "## What is refused, and what is held back\n\n"
        "A delivery is taken whole or not at all. It is refused for:\n\n"
        + table(("Code", "When"), rows)
        + "\n\nSingle rows are held back, and the rest taken, when a required value is missing, a date or number "
        "cannot be read, a key comes twice with different content, a row has a wrong number of fields (up to "
        f"{contract.max_field_count_pct:g} % of a file's rows) or control characters. They are named, by rule and count, in the mail to the data's owner; "
        "a corrected row releases them. Where each stands, file and line, is kept with it in quarantine and does not travel by mail."
    )


def _entity(contract: Contract, name: str, entity: Entity) -> str:
    files = ", ".join(f"`{pattern}`" for pattern in patterns(contract, name))
    kind = {
        "csv": "CSV",
        "query": "read from the database",
        "spi_xml": "Libra/SPI XML",
        "nccis_xml": "XML, see below",
        "ctf_xml": "XML, see below",
    }
    lines = [
        ("One row", entity.grain.removeprefix("one row ").strip()),
        ("Files", f"{files} ({kind[entity.format]})"),
        ("Key", ", ".join(f"`{column}`" for column in entity.key)),
        ("A delivery brings", _DELIVERS[entity.delivers]),
        ("In each delivery", "expected" if entity.expected else "not necessarily"),
    ]
    is_xml = entity.format in XML_FORMATS
    by_date = entity.layout.named if entity.layout else set()
    columns = [_column(column, spec, is_xml, column in by_date) for column, spec in entity.columns.items()]
    header = ("Column", "Header", "Type", "Required", "Personal", "Meaning")
    checks = [_check(rule) for rule in rules(contract, name)]
    return (
        f"## {entity.title} (`{name}`)\n\n{table(('', ''), lines)}\n\n{table(header, columns)}\n\n{_layout(entity)}{_exports(entity)}"
        f"Checks:\n\n{table(('Rule', 'Finds', 'Then', 'Told to', 'What to do'), checks)}"
    )


def _layout(entity: Entity) -> str:
    """Which columns a file must have on its business date, where that has changed over the years."""
    if entity.layout is None:
        return ""
    layout = entity.layout

    def listed(names: Sequence[str]) -> str:
        return ", ".join(f"`{name}`" for name in names) or "-"

    rows = [
        (
            f"{layout.base}/{(layout.base + 1) % 100:02d}, and before",
            "all",
            f"all but {listed(layout.lacks)}",
            "-",
        )
    ]
    rows += [
        (f"{change.since:%d/%m/%Y}", ", ".join(change.terms), listed(change.brings), listed(change.drops))
        for change in layout.changes
    ]
    return (
        "Layout by date (the date of the delivery decides; a column that is no longer demanded is read where it is sent):"
        f"\n\n{table(('Since', 'Terms', 'Demanded', 'No longer demanded'), rows)}\n\n"
    )


def _exports(entity: Entity) -> str:
    """The mappings of councils whose files have headers of their own."""
    parts = []
    for export in entity.exports:
        lines = [
            ("Files", ", ".join(f"`{pattern}`" for pattern in export.files)),
            ("Since", f"{export.since:%d/%m/%Y}" if export.since else "always"),
            ("Header", "the first line" if export.header_within == 1 else
             f"the first of {export.header_within} lines that has all of these columns; text above it is not read"),
        ]  # fmt: skip
        columns = [
            (f"`{column}`", ", ".join(f"`{title}`" for title in titles) or "not in this export")
            for column, titles in export.headers.items()
        ]
        parts.append(
            f"Export `{export.name}`: {export.title}\n\n{table(('', ''), lines)}\n\n{table(('Column', 'Header'), columns)}\n\n"
        )
    if not parts:
        return ""
    return (
        "Files of some councils have headers of their own. The file's name and the date of the delivery decide which "
        f"mapping holds; other files have the headers above.\n\n{''.join(parts)}"
    )


def _check(rule: Rule) -> tuple[str, ...]:
    refused = f"; more than {rule.tolerance:.0%}: refused whole" if rule.tolerance < 1 else ""
    return f"`{rule.code}`", rule.says, THEN[rule.effect] + refused, OWNERS[rule.owner], rule.remedy


def _column(name: str, column: Column, is_xml: bool, is_by_date: bool) -> tuple[str, ...]:
    headers = ", ".join(f"`{title}`" for title in (column.source or (name,)))
    needed = "value" if column.required else "column may be absent" if column.optional else "column"
    needed = "column, by date" if is_by_date else needed
    meaning = column.means + (f" (list: `{column.codes}`)" if column.codes else "")
    return (
        f"`{name}`",
        "from the XML" if is_xml else headers,
        _TYPES[column.type],
        needed,
        _PERSONAL[column.personal.value],
        meaning,
    )


_NCCIS = """## The participation extract's XML

One file per month, `nccis*.xml`; element names count, their order and namespace do not; an empty element is an
empty value. `LevelOfNeed`, the two `ReviewDate` and the circumstance's `EndDate` may be left out. `is_supervised_by_yot` is true when circumstance 170 is there without an `EndDate`. All values below are FICTIONAL.

```xml
<NCCISExtract Authority="999" Period="2026-03" FICTIONAL="true">
  <YoungPerson>
    <YoungPersonID>YP000001</YoungPersonID>
    <GivenName>Ada</GivenName>
    <FamilyName>Invented</FamilyName>
    <BirthDate>2009-02-28</BirthDate>
    <Sex>F</Sex>
    <Ethnicity>WHI</Ethnicity>
    <UPN/>
    <ULN/>
    <LeadLA>999</LeadLA>
    <Postcode>ZZ99 3WZ</Postcode>
    <CohortStatus>P</CohortStatus>
    <LevelOfNeed>2</LevelOfNeed>
    <ReviewDate>2026-05-01</ReviewDate>
    <CurrentActivity>
      <Code>210</Code>
      <StartDate>2025-09-01</StartDate>
      <DueToLapseDate>2026-08-31</DueToLapseDate>
      <Establishment/>
      <ReviewDate>2026-06-30</ReviewDate>
    </CurrentActivity>
    <Circumstances>
      <Circumstance Code="110" StartDate="2024-03-01" EndDate="2025-02-28"/>
      <Circumstance Code="170" StartDate="2026-01-15"/>
    </Circumstances>
  </YoungPerson>
</NCCISExtract>
```"""

_CTF = """## The transfer file's XML

Common Transfer Files as the schools' systems write them, `LLLSSSS_CTF_LLLSSSS_nnn.xml`; a file is read whatever its
version. A pupil's sex is in `Sex` from September 2024 on and in `Gender` before. Only what is shown here is read. All
values below are FICTIONAL.

```xml
<CTfile>
  <Header>
    <CTFversion>24.0</CTFversion>
    <DateTime>2025-10-06T09:15:00</DateTime>
    <SourceSchool><LEA>999</LEA><Estab>4001</Estab></SourceSchool>
    <DestSchool><LEA>999</LEA><Estab>4002</Estab></DestSchool>
  </Header>
  <CTFpupilData>
    <Pupil>
      <UPN>A950000178301</UPN>
      <UniqueLearnerNumber>9999999999</UniqueLearnerNumber>
      <Surname>Invented</Surname>
      <Forename>Ada</Forename>
      <DOB>2011-02-28</DOB>
      <Sex>F</Sex>
      <BasicDetails>
        <FormerUPN/>
        <Ethnicity>WBRI</Ethnicity>
      </BasicDetails>
      <SEN>
        <SENhistory>
          <SEN><StartDate>2024-09-02</StartDate><SENprovision>K</SENprovision></SEN>
        </SENhistory>
      </SEN>
      <SchoolHistory>
        <School>
          <LEA>999</LEA>
          <Estab>4001</Estab>
          <EntryDate>2023-09-04</EntryDate>
          <LeavingDate>2025-10-03</LeavingDate>
          <LeavingReason/>
        </School>
      </SchoolHistory>
    </Pupil>
  </CTFpupilData>
</CTfile>
```"""
