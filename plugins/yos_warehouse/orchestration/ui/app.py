"""The pages: who may see them, which there are, how they are made. Plain HTML without any script."""

from __future__ import annotations

import base64
import hashlib
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import psycopg2
from airflow.api_fastapi.app import get_auth_manager
from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity
from airflow.api_fastapi.core_api.security import requires_access_dag
from fastapi import Depends, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from starlette.exceptions import HTTPException

from yos_warehouse.door.approvals import HOLDS
from yos_warehouse.door.freshness import reference_day
from yos_warehouse.errors import YosError
from yos_warehouse.orchestration.ui import queries
from yos_warehouse.orchestration.ui.charts import bars
from yos_warehouse.orchestration.ui.queries import MOST_ROWS, TREND_RUNS, ask
from yos_warehouse.settings import PROJECT_DIR
from yos_warehouse.sources.contract import Contract, contracts
from yos_warehouse.telling.owners import service_name
from yos_warehouse.telling.runbooks import runbook_of
from yos_warehouse.telling.status import LONDON
from yos_warehouse.telling.wording import wording

PAGES = Path(__file__).parent / "pages"
STYLE = (PAGES / "style.css").read_text("utf-8")
_DIGEST = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
# Nothing is loaded from anywhere, nothing runs, and nobody but Airflow itself may frame the page.
HEADERS = {
    "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{_DIGEST}'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cache-Control": "no-store",
}
DOCS = ("runbooks", "how-to")

# Who may read the runs of the night in Airflow may read what became of them.
app = FastAPI(
    dependencies=[Depends(requires_access_dag("GET", DagAccessEntity.RUN, "nightly"))],
    default_response_class=HTMLResponse,
    docs_url=None,
    redoc_url=None,
    openapi_url=None,
)


# ---------------------------------------------------------------- pages


@app.get("/")
def overview(request: Request) -> HTMLResponse:
    """Feeds, runs, publications, what is wrong: the one page to look at in the morning."""
    with queries.looking() as connection:
        known = {row.feed: row for row in ask(connection, queries.FEEDS)}
        return _page(
            "overview",
            request,
            feeds=[(feed, contract.title, known.get(feed)) for feed, contract in contracts().items()],
            runs=ask(connection, queries.RUNS, run_id=None, most=TREND_RUNS),
            publications=ask(connection, queries.PUBLICATIONS)[:10],
            incidents=ask(connection, queries.INCIDENTS, incident_id=None, feed=None),
            is_fictional=queries.is_fictional(connection),
        )


@app.get("/feeds/{feed}")
def feed_page(request: Request, feed: str) -> HTMLResponse:
    """What a partner delivered, what became of it, and what is wrong with it now."""
    contract = _contract(feed)
    with queries.looking() as connection:
        volume = ask(connection, queries.VOLUME, feed=feed)
        return _page(
            "feed",
            request,
            feed=feed,
            contract=contract,
            deliveries=ask(connection, queries.DELIVERIES, feed=feed),
            incidents=ask(connection, queries.INCIDENTS, incident_id=None, feed=feed),
            failing=[
                (row, wording(row.rule_code, feed, row.entity, row.family))
                for row in ask(connection, queries.FAILING, feed=feed)
            ],
            held=ask(connection, queries.HELD, feed=feed),
            today=reference_day(connection),
            volume=bars(
                [
                    (
                        f"{_day(row.business_date)}: {row.accepted:,} let in, {row.other:,} not",
                        row.accepted,
                        row.other,
                    )
                    for row in volume
                ]
            ),
            volume_days=volume,
            is_fictional=queries.is_fictional(connection),
        )


@app.get("/feeds/{feed}/rows")
def held_rows(
    request: Request, feed: str, entity: str | None = None, rule: str | None = None, skip: int = 0
) -> HTMLResponse:
    """Where the rows held back stand in their files, and why; never what is in them."""
    _contract(feed)
    with queries.looking() as connection:
        values = {"feed": feed, "entity": entity, "rule_code": rule, "most": MOST_ROWS, "skip": max(skip, 0)}
        return _page(
            "rows",
            request,
            feed=feed,
            entity=entity,
            rule=rule,
            skip=max(skip, 0),
            most=MOST_ROWS,
            rows=ask(connection, queries.HELD_ROWS, **values),
            today=reference_day(connection),
            is_fictional=queries.is_fictional(connection),
        )


@app.get("/runs/{run_id}")
def run_page(request: Request, run_id: int) -> HTMLResponse:
    """One run: its deliveries, dbt's nodes, what failed, and how long runs take."""
    with queries.looking() as connection:
        run = _only(ask(connection, queries.RUNS, run_id=run_id, most=1))
        trend = ask(connection, queries.RUN_TREND, run_id=run_id, most=TREND_RUNS)[::-1]
        return _page(
            "run",
            request,
            run=run,
            loads=ask(connection, queries.TAKEN_IN, run_id=run_id),
            steps=ask(connection, queries.DBT_STEPS, run_id=run_id),
            failures=ask(connection, queries.DBT_FAILURES, run_id=run_id),
            checks=ask(connection, queries.FAILED_CHECKS, run_id=run_id),
            slowest=[
                (row, bars([(f"{seconds} s", float(seconds), 0) for seconds in row.trend[::-1]], 96, 16))
                for row in ask(connection, queries.SLOWEST, run_id=run_id, most=TREND_RUNS)
            ],
            trend=bars([(f"run {row.run_id}: {row.seconds} s", row.seconds, 0) for row in trend]),
            trend_runs=trend,
            is_fictional=queries.is_fictional(connection),
        )


@app.get("/publications/{publication_id}")
def publication_page(request: Request, publication_id: int) -> HTMLResponse:
    """What one publication changed, of which days its data is, and for what it is good enough."""
    with queries.looking() as connection:
        found = [row for row in ask(connection, queries.PUBLICATIONS) if row.publication_id == publication_id]
        return _page(
            "publication",
            request,
            publication=_only(found),
            changes=ask(connection, queries.CHANGES, publication_id=publication_id),
            is_fictional=queries.is_fictional(connection),
        )


@app.get("/incidents/{incident_id}")
def incident_page(request: Request, incident_id: int) -> HTMLResponse:
    """What is wrong, whose it is, since when, who was told, and what to do."""
    with queries.looking() as connection:
        return _page(
            "incident",
            request,
            incident=_only(ask(connection, queries.INCIDENTS, incident_id=incident_id, feed=None)),
            mails=ask(connection, queries.MAILS, incident_id=incident_id),
            is_fictional=queries.is_fictional(connection),
        )


@app.get("/{kind}/{name}")
def document(request: Request, kind: str, name: str) -> HTMLResponse:
    """A page of the documentation that says what to do."""
    folder = PROJECT_DIR / "docs" / kind
    # the names that are there, so that no path can be made up
    if kind not in DOCS or name not in {path.stem for path in folder.glob("*.md")}:
        raise HTTPException(404)
    text = (folder / f"{name}.md").read_text("utf-8")
    root = str(request.scope["root_path"])
    with queries.looking() as connection:
        fictional = queries.is_fictional(connection)
    return _page("document", request, title=name, html=_html(text, root, kind), is_fictional=fictional)


# ---------------------------------------------------------------- refusals


@app.exception_handler(HTTPException)
def refuse(request: Request, problem: HTTPException) -> HTMLResponse:
    """401, 403 and 404 in words, with the way to the login."""
    login = ""
    if problem.status_code == 401:
        login = get_auth_manager().get_url_login(next_url=str(request.url))
    return _page("refused", request, status=problem.status_code, code=problem.status_code, login=login)


@app.exception_handler(RequestValidationError)
def refuse_address(request: Request, problem: RequestValidationError) -> HTMLResponse:
    """A number that is none leads nowhere; it is not repeated."""
    return _page("refused", request, status=404, code=404, login="")


@app.exception_handler(YosError)
@app.exception_handler(psycopg2.Error)
def explain(request: Request, problem: Exception) -> HTMLResponse:
    """The warehouse does not answer, or not in time: the page says so, and Airflow's own pages go on working."""
    return _page("refused", request, status=503, code=503, login="")


# ---------------------------------------------------------------- how a page is made


def _page(name: str, request: Request, *, status: int = 200, **values: Any) -> HTMLResponse:
    html = (
        _templates()
        .get_template(f"{name}.html.j2")
        .render(root=request.scope["root_path"], service=service_name(), style=STYLE, **values)
    )
    return HTMLResponse(html, status, HEADERS)


@cache
def _templates() -> Environment:
    made = Environment(
        loader=FileSystemLoader(PAGES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"day": _day, "moment": _moment, "number": _number, "age": _age}
    made.globals |= {
        "HOLDS": HOLDS,
        "runbook_of": lambda code: runbook_of(code).removesuffix(".md"),
        "query": _query,
    }
    return made


def _contract(feed: str) -> Contract:
    if feed not in contracts():
        raise HTTPException(404)
    return contracts()[feed]


def _only(rows: list[Any]) -> Any:
    if not rows:
        raise HTTPException(404)
    return rows[0]


def _day(day: date | None) -> str:
    return f"{day.day} {day:%b %Y}" if day else "-"


def _moment(moment: datetime | None) -> str:
    return f"{_day(moment.astimezone(LONDON))} {moment.astimezone(LONDON):%H:%M}" if moment else "-"


def _number(number: object) -> str:
    return "-" if number is None else f"{number:,}"


def _age(moment: datetime, today: date) -> str:
    days = (today - moment.astimezone(LONDON).date()).days
    return "today" if days < 1 else f"{days} day{'s' if days > 1 else ''}"


def _query(**values: object) -> str:
    given = {name: str(value) for name, value in values.items() if value not in (None, 0)}
    return f"?{urlencode(given, quote_via=quote)}" if given else ""


def _html(text: str, root: str, kind: str) -> str:
    """Markdown of ours as HTML; links lead to other pages shown here, those to anything else become words."""
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(text)
    for token in tokens:
        for child in token.children or []:
            if child.type == "link_open":
                child.attrs["href"] = _shown_here(str(child.attrs["href"]), root, kind)
    html = str(markdown.renderer.render(tokens, markdown.options, {}))
    # what is wider than the screen is scrolled by itself, by keyboard too
    html = html.replace("<pre>", '<pre tabindex="0">').replace(
        "<table>", '<div class="table" tabindex="0"><table>'
    )
    return html.replace("</table>", "</table></div>")


def _shown_here(link: str, root: str, kind: str) -> str:
    path, _, place = link.partition("#")
    folder, _, name = path.rpartition("/")
    target = folder.removeprefix("../") or kind
    if not path:
        return link
    if name.endswith(".md") and target in DOCS:
        return f"{root}/{target}/{name.removesuffix('.md')}" + (f"#{place}" if place else "")
    return f"{root}/"
