"""What no file of the repository may hold: secrets, paths of one machine, package hosts, identifiers that could be real."""

from __future__ import annotations

import ast
import math
import re
import subprocess
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements.lock"
HERE = Path(__file__).relative_to(ROOT)
# Written by the lead's picture of a run; the README may point to it before it is there.
MAY_BE_MISSING: set[str] = set()
# Set by one part of the warehouse for another, or only for tests: not for people who configure it.
INTERNAL = re.compile(r"YOS_(BROWSER_REQUIRED|DBT_[A-Z]+|FAULT|FAULT_ONCE|PROJECT_DIR|SECRET_.*)\Z")


@cache
def files() -> tuple[Path, ...]:
    """Every file that is or would be committed."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split("\0")
    found = tuple(Path(name) for name in sorted(set(listed)) if name and (ROOT / name).is_file())
    if not found:
        pytest.skip("this is no git checkout")
    return found


@cache
def text(path: Path) -> str:
    """A file's text; '' for what is none (pictures)."""
    try:
        return (ROOT / path).read_text("utf-8")
    except UnicodeDecodeError:
        return ""


def hits(pattern: str, *, but_not: str | None = None, among: tuple[Path, ...] | None = None) -> list[str]:
    """``file:line`` of each line that matches."""
    expression, allowed = re.compile(pattern), re.compile(but_not or r"(?!)")
    return [
        f"{path}:{number}"
        for path in (among if among is not None else files())
        if path != HERE
        for number, line in enumerate(text(path).splitlines(), 1)
        if expression.search(line) and not allowed.search(line)
    ]


def test_no_secret_is_kept_here() -> None:
    assert hits(r"-----BEGIN [A-Z ]*PRIVATE KEY|AKIA[0-9A-Z]{16}") == []
    assert hits(r"gh[pousr]_[A-Za-z0-9]{30,}|xox[abp]-[0-9A-Za-z-]{10,}") == []
    # a URL with a password written out; placeholders and interpolation are none
    urls = hits(r"\w+://[^\s:/@\"'{}$<>]+:[^\s@\"'{}$<>*]{3,}@", but_not=r"user:password@")
    assert [hit for hit in urls if not hit.startswith("tests/")] == []
    # a value given to something called password, secret, token or key
    given = r"(?i)\b(?:password|passwd|secret|api_?key|token|fernet_key)\b[\"']?\s*[:=]\s*[\"']([A-Za-z0-9+/_=-]{12,})[\"']"
    found = [
        (str(path), match[1])
        for path in files()
        if path.parts[0] != "tests" and path != LOCK
        for match in re.finditer(given, text(path))
        if entropy(match[1]) > 3.3
    ]
    assert found == []
    assert not [
        path for path in files() if path.name in (".env", "id_rsa") or path.suffix in (".pem", ".key", ".p12")
    ]
    assert not [path for path in files() if path.parts[0] == "var"]


def entropy(word: str) -> float:
    """Bits per character; words of a language have fewer than random ones."""
    return -sum(n / len(word) * math.log2(n / len(word)) for n in Counter(word).values())


def test_the_compose_file_brings_no_default_password() -> None:
    path = Path("docker-compose.yml")
    for match in re.finditer(r"(?im)^\s*[A-Z_]*(?:PASSWORD|SECRET|FERNET_KEY)[A-Z_]*:\s*(\S.*)$", text(path)):
        value = match[1].strip("\"' ")
        assert re.fullmatch(r"\$\{\w+:\?.+\}", value) or value.startswith("/"), match[0].strip()


def test_the_lock_holds_hashed_entries_only_and_names_no_index() -> None:
    entries = re.split(r"\n(?=\S)", text(Path("requirements.lock")).strip())
    assert len(entries) > 150
    for entry in entries:
        first, *rest = [line.strip().removesuffix("\\").strip() for line in entry.splitlines()]
        assert re.fullmatch(r"[A-Za-z0-9._-]+(\[[a-z0-9,-]+\])?==[A-Za-z0-9.+!]+( ; .+)?", first), first
        assert rest, f"{first} has no hash"
        assert all(re.fullmatch(r"--hash=sha256:[0-9a-f]{64}", line) for line in rest), first
    assert "://" not in text(Path("requirements.lock"))
    names = {re.split(r"[=\[]", entry, maxsplit=1)[0].lower() for entry in entries}
    assert "airflow-provider-great-expectations" not in names  # cannot be installed beside Airflow 3.3
    assert {"apache-airflow", "dbt-core", "great-expectations", "psycopg2-binary"} <= names


def test_no_file_names_a_package_index_or_a_place_on_one_machine() -> None:
    assert hits(r"(?i)--(extra-)?index-url|PIP_INDEX_URL|UV_INDEX|files\.pythonhosted\.org") == []
    assert hits(r"(?i)registry\.npmjs|artifactory|jfrog") == []
    assert hits(r"https?://(\w+\.)?pypi\.org/simple") == []
    # /home/airflow is inside the image of docker-compose.yml
    assert hits(r"/(home|Users)/(?!airflow\b)[a-z][\w.-]*/|[A-Z]:\\Users\\|(?<![\w.])/root/") == []
    assert hits(rf"(?<![\w.]){re.escape(str(ROOT))}(?![\w-])") == []


def test_the_expectation_that_stores_whole_rows_is_not_used() -> None:
    source = tuple(path for path in files() if path.suffix in (".py", ".yml", ".yaml", ".json", ".sql"))
    assert hits("UnexpectedRowsExpectation", among=source) == []


# Forms that people write; the year of the incident or of the number is in the first group.
PNC = re.compile(r"(?<![\w/])((?:19|20)\d\d)/\d{7}[A-Z]\b")
UPN = re.compile(r"\b([A-HJ-NP-RT-Z])(\d{3}\d{8}[\dA-HJ-NP-RT-Z])\b")
LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
# Vectors of the published rules (domain.md 2.3, 2.5), in the public tests of others: numbers of nobody.
VECTORS = {
    "1967/9893091D", "1979/0163001B", "1981/0000034U", "2000/0000223R", "2001/0171310S", "2002/0073319Z",
    "2003/0000003Y", "A950000178301", "H243278544154", "G855400112001", "N855432108123",
    "A000000000000", "2000/0000000Z",  # stand for none
}  # fmt: skip


def is_valid_upn(letter: str, rest: str) -> bool:
    """Whether the check letter fits; where it does not, the number is nobody's."""
    values = [int(sign) if sign.isdigit() else LETTERS.index(sign) for sign in rest]
    return letter == LETTERS[sum(value * weight for weight, value in enumerate(values, 2)) % 23]


def test_identifiers_in_the_repository_are_impossible_ones() -> None:
    looked_at = [
        path
        for path in files()
        if path.parts[0] in ("dags", "plugins", "tests", "docs", "expectations", "dbt_project")
    ]
    possible = [
        f"{path}: {match[0]}"
        for path in looked_at
        if path != HERE
        for match in PNC.finditer(text(path))
        if not 2090 <= int(match[1]) <= 2099 and match[0] not in VECTORS
    ]
    assert possible == []
    upns = [
        f"{path}: {match[0]}"
        for path in looked_at
        if path.suffix in (".py", ".yml", ".csv", ".md") and path != HERE
        for match in UPN.finditer(text(path))
        if not match[2].startswith("999") and is_valid_upn(*match.groups()) and match[0] not in VECTORS
    ]
    assert upns == []
    mails = [
        f"{path}: {match[0]}"
        for path in looked_at
        for match in re.finditer(r"[\w.+-]+@([\w-]+\.)+[a-z]{2,}\b", text(path))
        if not re.search(r"@([\w-]+\.)*(example\.(org|com|net)|localhost\.localdomain)$", match[0])
    ]
    assert mails == []


def test_every_variable_that_the_code_reads_is_documented() -> None:
    page = text(Path("docs/configuration.md"))
    documented = set(re.findall(r"YOS_[A-Z0-9_]+", page))
    used = {
        name
        for path in files()
        if path.parts[:2] == ("plugins", "yos_warehouse") and path.suffix == ".py"
        for node in ast.walk(ast.parse(text(path)))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        for name in re.findall(r"\AYOS_[A-Z0-9_]+\Z", node.value)
    }
    assert len(used) > 10
    assert sorted(name for name in used - documented if not INTERNAL.match(name)) == []


def test_every_documented_variable_is_read_somewhere() -> None:
    sources = "\n".join(
        text(path) for path in files() if path.suffix in (".py", ".yml", "") and path.parts[0] != "tests"
    )
    named = set(re.findall(r"`(YOS_[A-Z_]+)`", text(Path("docs/configuration.md"))))
    assert sorted(name for name in named if name not in sources) == []


def links() -> list[tuple[Path, str]]:
    """Links of the pages to files, and files that they name as a link's target."""
    pages = [
        path
        for path in files()
        if path == Path("README.md") or (path.parts[0] == "docs" and path.suffix == ".md")
    ]
    found = [
        (page, target)
        for page in pages
        for target in re.findall(r"\]\(<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)", text(page))
    ]
    return [(page, target) for page, target in found if not re.match(r"[a-z]+:|#|//", target)]


def test_every_link_to_a_file_finds_it() -> None:
    broken = []
    assert len(links()) > 3
    for page, target in links():
        place = (ROOT / page.parent / target.partition("#")[0]).resolve()
        name = str(place.relative_to(ROOT)) if place.is_relative_to(ROOT) else str(place)
        if not place.exists() and name not in MAY_BE_MISSING:
            broken.append(f"{page} -> {target}")
    assert broken == []


def test_every_make_target_the_readme_names_is_there() -> None:
    targets = set(re.findall(r"^([a-z]+):", text(Path("Makefile")), re.M))
    code = re.findall(r"`([^`]+)`|^(?: {4})?(make .+)$", text(Path("README.md")), re.M)
    named = {name for pair in code for part in pair for name in re.findall(r"\bmake ([a-z]+)\b", part)}
    assert {"run", "test"} <= named <= targets
