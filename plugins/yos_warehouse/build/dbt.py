"""dbt as a subprocess, one at a time: run it, end it with its parent, keep what it found as counts.

dbt's own log and result files carry database errors with the values that caused them. So its log file is
off, only the lines that name nodes are shown, and run_results.json is rewritten without messages once it
has been read.
"""

from __future__ import annotations

import ctypes
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from pathlib import Path
from typing import Any

from psycopg2 import sql
from psycopg2.extras import Json, execute_values

from yos_warehouse import settings
from yos_warehouse.build.permanent import declared, meta_of
from yos_warehouse.errors import YosError
from yos_warehouse.server.connect import connect, login, transaction
from yos_warehouse.server.roles import grant_build_schema, grant_past_schema

BUILD = "build"
# What is shown of dbt's output: which node did what. Everything else may repeat a value.
_NODE_LINE = re.compile(
    r"\b\d+ of \d+ (START|OK|PASS|WARN|FAIL|ERROR|SKIP|NO-OP|CANCEL)\b|^.{0,12}Done\. PASS="
)
_NODE_START = re.compile(r"\b\d+ of \d+ (START|SKIP|ERROR)\b")
_ERROR_BEGINS = "Encountered an error:"
_MOST_ERROR_LINES = 4
# The way to a file of this machine; its name is left.
_WAY = re.compile(r"(?<![\w:/.])/(?:[^\s/'\"]+/)+")

# The kind of a database error, told from the beginning of its message; the rest is never kept.
_MESSAGE_CODES = (
    ("contract", "CONTRACT"),
    ("compilation error", "COMPILATION"),
    ("division by zero", "DIVISION_BY_ZERO"),
    ("invalid input", "UNREADABLE_VALUE"),
    ("out of range", "VALUE_TOO_LARGE"),
    ("overflow", "VALUE_TOO_LARGE"),
    ("too long for type", "VALUE_TOO_LONG"),
    ("duplicate key", "DUPLICATE_KEY"),
    ("null value in column", "EMPTY_VALUE"),
    ("more than one row returned", "MANY_ROWS"),
    ("permission denied", "PERMISSION"),
    ("does not exist", "MISSING_OBJECT"),
    ("already exists", "OBJECT_EXISTS"),
    ("syntax error", "SYNTAX"),
    ("deadlock", "DEADLOCK"),
    ("statement timeout", "TIMEOUT"),
    ("could not connect", "CONNECTION"),
    ("terminating connection", "CONNECTION"),
    ("server closed the connection", "CONNECTION"),
    ("no space left", "DISK_FULL"),
    ("could not resize shared memory", "SHARED_MEMORY"),
)


@dataclass(frozen=True)
class NodeResult:
    """What became of one dbt node in one invocation."""

    node: str
    unique_id: str
    kind: str  # model, test, unit_test, seed
    status: str  # success, pass, warn, fail, error, skipped
    seconds: float
    failures: int | None
    message_code: str | None
    units: tuple[str, ...]  # the units that hang on it
    severity: str = "error"
    family: str = "integrity"
    owner: str = "warehouse"
    rule_code: str = ""
    feed: str | None = None
    entity: str | None = None
    rows_affected: int | None = None  # rows a model or seed wrote

    @property
    def unit(self) -> str | None:
        """The one unit that hangs on it, or None for several or none."""
        return self.units[0] if len(self.units) == 1 else None


def run_dbt(
    run_id: int | None,
    step: str,
    args: list[str],
    as_at: date,
    *,
    build_schema: str = BUILD,
    keys_before: int | None = None,
    show: Callable[[str], None] = print,
) -> list[NodeResult]:
    """Run one dbt command as the role transformer and store what it found.

    A build (step ``build``, or any other build schema) starts from an empty schema. The caller holds the
    warehouse lock: what an earlier, killed dbt left running in the database is ended first.

    Args:
        run_id: the run to store results for; None stores nothing.
        step: name of the step, part of the key in ops.model_run.
        args: the dbt command with its selection, such as ``["build", "--select", "staging"]``.
        as_at: the date of macro ``as_at_date``.
        build_schema: the variable ``yos:build_schema``.
        keys_before: a run; children are shown under the keys they had before it.
        show: receives the lines that say which node did what.

    Returns:
        One result per node. Failing models and tests are returned, not raised.

    Raises:
        YosError: DBT_BROKE when dbt did not get as far as running nodes.
    """
    _end_orphans()
    if step == "build" or build_schema != BUILD:
        _empty_schema(build_schema)
    results_path = target_dir(build_schema) / "run_results.json"
    results_path.unlink(missing_ok=True)
    code, complaint = _invoke(args, show, as_at, build_schema, keys_before)
    if not results_path.exists() or code not in (0, 1):
        results_path.unlink(missing_ok=True)
        raise YosError(
            "DBT_BROKE",
            f"dbt {args[0]} ended with code {code} in step {step}: {complaint or 'it did not say why'}",
            "run the same command again; if it says the same, look at the model it names",
        )
    project = manifest(build_schema)
    results = read_results(json.loads(results_path.read_text("utf-8")), project)
    _strip_messages(results_path)
    if step != "build":  # what is built there is read whole and once; what lies before is joined many times
        _analyze(results, project)
    if run_id is not None:
        _store(run_id, step, results)
    return results


def parse_project() -> None:
    """Let dbt write its manifest without running anything.

    Raises:
        YosError: DBT_BROKE with dbt's complaint.
    """
    code, complaint = _invoke(["parse"], lambda _: None)
    if code:
        raise YosError("DBT_BROKE", f"dbt cannot parse the project: {complaint}", "correct the file it names")


def target_dir(build_schema: str = BUILD) -> Path:
    """Where dbt keeps its artefacts for this database; kept between runs so that it starts quickly.

    Builds of the past have a place of their own: their schema voids what dbt remembers of the project.
    """
    folder = settings.var_dir() / "dbt" / settings.database_name()
    return folder if build_schema == BUILD else folder / "past"


def manifest(build_schema: str = BUILD) -> dict[str, Any]:
    """The manifest of the last dbt command.

    Raises:
        YosError: NO_MANIFEST.
    """
    path = target_dir(build_schema) / "manifest.json"
    if not path.exists():
        raise YosError("NO_MANIFEST", "dbt has not run yet", "run the night first")
    return json.loads(path.read_text("utf-8"))


def read_results(results: Mapping[str, Any], manifest: Mapping[str, Any]) -> list[NodeResult]:
    """dbt's run_results.json as NodeResults, without any message.

    Args:
        results: the file's content.
        manifest: manifest.json of the same invocation.
    """
    nodes = {**manifest["nodes"], **manifest.get("unit_tests", {})}
    units = units_by_node(manifest)
    found = []
    for result in results["results"]:
        unique_id = result["unique_id"]
        node = nodes.get(unique_id, {})
        meta = meta_of(node)
        tested = _tested_model(node, nodes)
        own_units = {unit for parent in _parents(node) for unit in units.get(parent, ())}
        own_units |= set(units.get(unique_id, ()))
        found.append(
            NodeResult(
                node=node.get("alias") or node.get("name") or unique_id.split(".")[-1],
                unique_id=unique_id,
                kind=node.get("resource_type") or unique_id.split(".")[0],
                status="error" if result["status"] == "runtime error" else result["status"],
                seconds=float(result.get("execution_time") or 0),
                failures=result.get("failures"),
                message_code=_message_code(result),
                units=tuple(sorted(own_units)),
                severity="warn"
                if str((node.get("config") or {}).get("severity", "error")).lower() == "warn"
                else "error",
                family=_family(node, meta),
                owner=str(meta.get("owner") or "warehouse"),
                rule_code=str(meta.get("code") or meta.get("rule_code") or node.get("name") or unique_id),
                feed=meta.get("feed") or tested[0],
                entity=meta.get("entity") or tested[1],
                rows_affected=(result.get("adapter_response") or {}).get("rows_affected")
                if node.get("resource_type") in ("model", "seed")
                else None,
            )
        )
    return found


def units_by_node(manifest: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """For each node the units published from it or from anything built on it; shared belongs to both."""
    children = manifest["child_map"]
    known: dict[str, frozenset[str]] = {}

    def units(unique_id: str) -> frozenset[str]:
        if unique_id not in known:
            known[unique_id] = frozenset()  # a circle cannot be; this guards the recursion all the same
            unit = meta_of(manifest["nodes"].get(unique_id, {})).get("unit")
            own = frozenset(("children", "finance") if unit == "shared" else (unit,) if unit else ())
            known[unique_id] = own.union(*(units(child) for child in children.get(unique_id, ())))
        return known[unique_id]

    return {unique_id: tuple(sorted(units(unique_id))) for unique_id in children}


def _parents(node: Mapping[str, Any]) -> Iterable[str]:
    if node.get("resource_type") not in ("test", "unit_test"):
        return ()
    attached = node.get("attached_node")
    # a relationship test is about the model it hangs on, not about the table it looks things up in
    return [attached] if attached else (node.get("depends_on") or {}).get("nodes", ())


def _tested_model(node: Mapping[str, Any], nodes: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """Feed and entity of the model a test hangs on, from its meta and its name ``stg_<feed>__<entity>``."""
    for parent in _parents(node):
        feed = meta_of(nodes.get(parent, {})).get("feed")
        if feed:
            return str(feed), nodes[parent]["name"].partition(f"stg_{feed}__")[2] or None
    return None, None


def _family(node: Mapping[str, Any], meta: Mapping[str, Any]) -> str:
    families = ("configuration", "integrity", "value")
    said = [meta.get("family"), *node.get("tags", ()), *node.get("fqn", ())]
    return next((str(word) for word in said if word in families), "integrity")


def _message_code(result: Mapping[str, Any]) -> str | None:
    if result["status"] not in ("error", "runtime error"):
        return None
    message = str(result.get("message") or "").lower()
    return next((code for words, code in _MESSAGE_CODES if words in message), "OTHER")


def _strip_messages(path: Path) -> None:
    content = json.loads(path.read_text("utf-8"))
    for result in content["results"]:
        result["message"] = _message_code(result)
        result["adapter_response"] = {}
    path.write_text(json.dumps(content), "utf-8")


def program() -> list[str]:
    """How dbt is started: the one beside this Python."""
    return [str(Path(sys.executable).with_name("dbt"))]


def _invoke(
    args: list[str],
    show: Callable[[str], None],
    as_at: date | None = None,
    build_schema: str = BUILD,
    keys_before: int | None = None,
) -> tuple[int, str]:
    """Run dbt; its exit code and, when no node had started, what it complained of."""
    folder = target_dir(build_schema)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    account = login("transformer")
    environment = {
        **{
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("DBT_", "AIRFLOW", "YOS_"))
        },
        "YOS_DBT_HOST": account["host"],
        "YOS_DBT_PORT": account["port"],
        "YOS_DBT_USER": account["user"],
        "YOS_DBT_PASSWORD": account["password"],
        "YOS_DBT_DATABASE": settings.database_name(),
        # Data of the session: a variable that changes would make dbt parse the whole project anew (10 s).
        "PGOPTIONS": os.environ.get("PGOPTIONS", "")
        + (f" -c yos.as_at={as_at}" if as_at else "")
        + (f" -c yos.keys_before_run={keys_before}" if keys_before else ""),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DBT_VERSION_CHECK": "false",
        "DO_NOT_TRACK": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    variables = json.dumps({"yos:service": settings.service_code(), "yos:build_schema": build_schema})
    parent = os.getpid()

    def end_with_parent() -> None:
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
        if os.getppid() != parent:
            os._exit(1)

    process = subprocess.Popen(
        [
            *program(), "--no-use-colors", "--log-format", "text", "--log-level-file", "none",
            "--log-path", str(folder), "--no-send-anonymous-usage-stats", "--no-version-check",
            *args, "--vars", variables, "--project-dir", str(settings.DBT_DIR), "--profiles-dir", str(settings.DBT_DIR),
            "--target-path", str(folder),
        ],
        cwd=settings.DBT_DIR, env=environment, text=True, umask=0o077, preexec_fn=end_with_parent,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    said: list[str] = []
    has_started = False
    assert process.stdout is not None
    try:
        for line in process.stdout:
            has_started = has_started or bool(_NODE_START.search(line))
            if _NODE_LINE.search(line):
                show(line.rstrip())
            elif not has_started and line.strip():
                said.append(re.sub(r"^\d\d:\d\d:\d\d\s+", "", line.rstrip()))
        code = process.wait()
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
    return code, "" if has_started else _complaint(said)


def _complaint(said: list[str]) -> str:
    """The beginning of dbt's own error: its title and the indented lines below. Python's warnings stand around it."""
    if _ERROR_BEGINS not in said:
        return ""
    title, *below = said[said.index(_ERROR_BEGINS) + 1 :] or [""]
    lines = [title, *takewhile(lambda line: line[0].isspace(), below)]
    return _WAY.sub("", " ".join(line.strip() for line in lines[:_MOST_ERROR_LINES])).rstrip(".")


def _end_orphans() -> None:
    """End queries of a dbt that was killed; the server notices a lost client only after two seconds."""
    with transaction("transformer", application="yos build") as connection, connection.cursor() as cursor:
        cursor.execute(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity "
            "where usename = 'yos_transformer' and datname = current_database() "
            "and application_name = 'yos dbt'"
        )


def _empty_schema(schema: str) -> None:
    with transaction("transformer", application="yos build") as connection, connection.cursor() as cursor:
        name = sql.Identifier(schema)
        cursor.execute("set client_min_messages = warning")
        cursor.execute(sql.SQL("drop schema if exists {} cascade").format(name))
        cursor.execute(sql.SQL("create schema {}").format(name))
        (grant_build_schema if schema == BUILD else grant_past_schema)(cursor, schema)


def _analyze(results: list[NodeResult], manifest: Mapping[str, Any]) -> None:
    """Fresh statistics for new tables: without them the next step's joins are planned blindly."""
    built = [r.unique_id for r in results if r.kind in ("model", "seed") and r.status == "success"]
    names = [manifest["nodes"][unique_id].get("relation_name") for unique_id in built]
    with transaction("transformer", application="yos build") as connection, connection.cursor() as cursor:
        cursor.execute(
            "select string_agg(format('analyze %%s', c.oid::regclass), '; ') from unnest(%s::text[]) as t (name) "
            "inner join pg_class as c on c.oid = to_regclass(t.name) and c.relkind = 'r'",
            ([name.split(".", 1)[1] for name in names if name],),
        )
        statements = (cursor.fetchone() or (None,))[0]
        if statements:
            cursor.execute(statements)


def _store(run_id: int, step: str, results: list[NodeResult]) -> None:
    """Results as rows: what ran, what the tests found, and (in a build) what the models declare."""
    tests = [r for r in results if r.kind in ("test", "unit_test") and r.status != "skipped"]
    connection = connect("transformer", application="yos build")
    try:
        with connection.cursor() as cursor:
            cursor.execute("delete from ops.model_run where run_id = %s and step = %s", (run_id, step))
            execute_values(
                cursor,
                "insert into ops.model_run (run_id, step, node, status, seconds, failures, message_code,"
                " units, rows_affected) values %s"
                " on conflict (run_id, step, node) do update set status = excluded.status",
                [
                    (
                        run_id,
                        step,
                        r.node,
                        r.status,
                        round(r.seconds, 3),
                        r.failures,
                        r.message_code,
                        list(r.units),
                        r.rows_affected,
                    )
                    for r in results
                ],
            )
            cursor.execute(
                "delete from ops.check_result"
                " where run_id = %s and checked_by = 'dbt' and rule_code = any(%s)",
                (run_id, [r.rule_code for r in tests]),
            )
            outcomes = {"pass": "passed", "fail": "failed", "warn": "failed"}
            execute_values(
                cursor,
                "insert into ops.check_result (run_id, checked_by, rule_code, feed, entity, unit, family,"
                " severity, owner, outcome, rows_failed) values %s",
                [
                    (run_id, "dbt", r.rule_code, r.feed, r.entity, r.unit, r.family, r.severity, r.owner,
                     outcomes.get(r.status, "error"), r.failures)
                    for r in tests
                ],
            )  # fmt: skip
            if step == "build":
                cursor.execute("delete from ops.built_table where run_id = %s", (run_id,))
                execute_values(
                    cursor,
                    "insert into ops.built_table (run_id, schema_name, table_name, declared) values %s",
                    [(run_id, t.schema, t.name, Json(t.to_json())) for t in declared(manifest(), cursor)],
                )
        connection.commit()
    finally:
        connection.close()
