"""The page Warehouse as a person uses it: Chromium, Airflow's own API server and login, a warehouse after a night and a bad morning."""

from __future__ import annotations

import json
import re
import shutil
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from tests.browser import chromium

pytestmark = pytest.mark.night

DATABASE = "warehouse_page"
VISITOR = "visitor"
MORNING = "2026-04-01"
MARKUP = "<img src=x onerror=alert(1)>"
PICTURES = Path(__file__).resolve().parents[2] / "docs" / "images"
SIZE = {"width": 1280, "height": 860}
SECONDS = 20_000  # of patience, in milliseconds: the machine may be busy


class Pages:
    """Where the pages are, and how to get in."""

    def __init__(self, url: str, user: str, password: str) -> None:
        self.url, self.user, self.password = url, user, password
        self._tokens = {"": ""}

    def get(self, path: str, user: str | None = None) -> tuple[int, str, dict[str, str]]:
        """Status, text and headers of one page; without a login for user ''."""
        request = urllib.request.Request(self.url + path)
        if token := self._token(self.user if user is None else user):
            request.add_header("Authorization", f"Bearer {token}")
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                return answer.status, answer.read().decode(), dict(answer.headers)
        except urllib.error.HTTPError as problem:
            return problem.code, problem.read().decode(), dict(problem.headers)

    def _token(self, user: str) -> str:
        if user not in self._tokens:
            body = json.dumps({"username": user, "password": self.password}).encode()
            request = urllib.request.Request(
                f"{self.url}/auth/token", body, {"Content-Type": "application/json"}
            )
            with urllib.request.urlopen(request, timeout=30) as answer:
                self._tokens[user] = json.load(answer)["access_token"]
        return self._tokens[user]


@pytest.fixture(scope="module")
def pages(home, first, tmp_path_factory) -> Iterator[Pages]:
    """Airflow's API server over a copy of the first night's warehouse, to which two spoilt deliveries came since."""
    from yos_warehouse.orchestration import airflow_config, processes, steps
    from yos_warehouse.orchestration.airflow_api import AirflowApi
    from yos_warehouse.orchestration.airflow_runtime import Prepared
    from yos_warehouse.settings import secret

    assert first.returncode == 0, first.stdout[-3000:] + first.stderr[-3000:]
    drops = tmp_path_factory.mktemp("page") / "drops"
    _spoilt(
        home.var / "drops" / "police" / "2026-03-31", drops / "police" / MORNING, name=f"arrests_{MARKUP}.csv"
    )
    _spoilt(home.var / "drops" / "finance" / "2026-03-31", drops / "finance" / MORNING, more=b"cut,")
    with home.entered(), pytest.MonkeyPatch.context() as environment:
        environment.setenv("YOS_DATABASE", DATABASE)
        environment.setenv("YOS_DROPS_DIR", str(drops))
        # Readers of other tests are done, and may not be there while it is copied.
        _administer(
            "select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = 'warehouse'"
        )
        _administer(f"create database {DATABASE} owner yos_owner template warehouse", grant=True)
        children = []
        try:
            run_id = steps.open_run("ingest", "the bad morning", None)
            assert run_id is not None
            refused = [steps.load(run_id, feed)["rejected"] for feed in ("police", "finance")]
            assert refused == [1, 1]
            steps.tell(run_id)
            steps.close_run(run_id, "succeeded")
            _administer(
                f"update ops.incident set acknowledged_at = now(), acknowledged_by = '{MARKUP}'", DATABASE
            )
            prepared = Prepared(schedule=False)
            prepared.migration.wait()
            password = secret("airflow_engineer")
            prepared.environment |= _with_a_visitor(tmp_path_factory.mktemp("users"), password)
            command = [sys.executable, "-m", *airflow_config.COMPONENTS["api-server"]]
            log = airflow_config.log_dir() / "api-server.log"
            children.append(
                processes.start("api-server", command, prepared.environment, log, background=False)
            )
            api = AirflowApi(f"http://127.0.0.1:{prepared.port}", airflow_config.USER, password)
            processes.wait_until(lambda: api.is_healthy(("metadatabase",)), children, "Airflow's pages")
            yield Pages(api.url, api.user, password)
        finally:
            processes.stop(children)
            _administer(f"drop database if exists {DATABASE} with (force)")


def _spoilt(good: Path, bad: Path, *, name: str = "", more: bytes = b"") -> None:
    """The delivery of the day before as one of this morning: with a file of another name, or one that is not as packed."""
    shutil.copytree(good, bad)
    manifest = json.loads((bad / "manifest.json").read_text())
    manifest |= {"business_date": MORNING, "received_at": f"{MORNING}T20:00:00+01:00"}
    file = manifest["files"][0]
    if name:
        (bad / file["name"]).rename(bad / name)
        file["name"] = name
    with (bad / file["name"]).open("ab") as opened:
        opened.write(more)
    (bad / "manifest.json").write_text(json.dumps(manifest))


def _with_a_visitor(folder: Path, password: str) -> dict[str, str]:
    """Settings of Airflow with a second account, that may do nothing."""
    passwords = folder / "passwords.json"
    passwords.write_text(json.dumps({"engineer": password, VISITOR: password}))
    return {
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"engineer:admin,{VISITOR}:",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(passwords),
    }


def _administer(statement: str, database: str = "postgres", *, grant: bool = False) -> None:
    from yos_warehouse.server.connect import connect
    from yos_warehouse.server.roles import grant_database

    admin = connect("admin", database=database, autocommit=True)
    try:
        with admin.cursor() as cursor:
            cursor.execute(statement)
            if grant:
                grant_database(cursor, DATABASE)
    finally:
        admin.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium() as found:
        yield found


@pytest.fixture(scope="module")
def logged_in(pages, browser) -> Iterator[Any]:
    """A browser's context in which a person has logged in to Airflow with name and password."""
    context = browser.new_context(viewport=SIZE)
    context.set_default_timeout(SECONDS)
    page = context.new_page()
    page.goto(f"{pages.url}/auth/login")
    page.fill("input[name=username]", pages.user)
    page.fill("input[name=password]", pages.password)
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Warehouse").first.wait_for()
    page.close()
    yield context
    context.close()


@pytest.fixture
def page(logged_in) -> Iterator[Any]:
    made = logged_in.new_page()
    yield made
    made.close()


@pytest.fixture(scope="module")
def crawled(pages) -> dict[str, str]:
    """Every page that a link of ours leads to, by its address."""
    found: dict[str, str] = {}
    waiting = ["/warehouse/"]
    while waiting:
        path = waiting.pop()
        status, text, _ = pages.get(path)
        assert status == 200, (status, path)
        found[path] = text
        for link in map(unescape, re.findall(r'href="([^"#]+)', text)):
            if link.startswith("/warehouse/") and link not in found and link not in waiting:
                waiting.append(link)
    return found


# ---------------------------------------------------------------- who may look, and at what


@pytest.mark.parametrize(
    "path", ["/", "/feeds/police", "/feeds/police/rows", "/runs/1", "/runbooks/volume", "/no/such"]
)
def test_nobody_sees_a_page_without_a_login(pages, path) -> None:
    status, text, _ = pages.get(f"/warehouse{path}", user="")
    assert status == 401
    assert "log in" in text and "CHECKSUM" not in text and "Police" not in text


def test_an_account_that_may_not_read_the_runs_may_not_read_what_became_of_them(pages) -> None:
    status, text, _ = pages.get("/warehouse/feeds/police", user=VISITOR)
    assert status == 403
    assert "Not for this account" in text and "Police" not in text


def test_without_the_database_the_page_says_so_and_airflow_goes_on(pages, home) -> None:
    with home.entered():
        _administer(f"alter database {DATABASE} allow_connections false")
        try:
            status, text, _ = pages.get("/warehouse/")
        finally:
            _administer(f"alter database {DATABASE} allow_connections true")
    assert status == 503 and "does not answer" in text
    assert pages.get("/api/v2/dags")[0] == 200


@pytest.mark.parametrize("path", ["/feeds/nobody", "/runs/x", "/runs/99999", "/runbooks/..%2f..%2fREADME", "/feeds/police/rows?skip=x"])  # fmt: skip
def test_an_address_that_leads_nowhere_says_so_and_repeats_nothing(pages, path) -> None:
    status, text, _ = pages.get(f"/warehouse{path}")
    assert status == 404
    assert "no such page" in text and "nobody" not in text and "README" not in text


def test_every_link_leads_to_a_page_and_every_kind_of_page_is_linked(crawled) -> None:
    kinds = {path.split("/")[2] for path in crawled}
    assert {"feeds", "runs", "publications", "incidents", "runbooks"} <= kinds
    assert any("/rows?" in path for path in crawled)
    assert all("FICTIONAL" in text for text in crawled.values())


def test_no_page_shows_a_name(home, crawled) -> None:
    names = {
        name for (name,) in home.query("select distinct lower(family_name) from raw.case_system__person")
    }
    names -= {"oakshire", "rushmere"}  # a made-up child is called like the made-up service
    for path, text in crawled.items():
        words = set(
            re.findall(r"[a-zë’'-]{5,}", re.sub(r"<style>.*?</style>", "", text, flags=re.DOTALL).lower())
        )
        # words of our own documentation are no child's name
        if "/runbooks/" not in path and "/how-to/" not in path:
            assert not words & {name for name in names if name and len(name) > 4}, path


def test_what_people_type_is_shown_as_words_and_nothing_can_run(pages, crawled) -> None:
    assert any("onerror" in page for page in crawled.values())
    assert not any("<img" in page for page in crawled.values())
    assert not any("<script" in page or "javascript:" in page for page in crawled.values())
    _, _, headers = pages.get("/warehouse/")
    policy = {name.lower(): value for name, value in headers.items()}["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "frame-ancestors 'self'" in policy


# ---------------------------------------------------------------- in a browser


def test_from_a_red_feed_to_the_checks_that_its_rows_fail(pages, page) -> None:
    page.goto(pages.url)
    page.get_by_role("link", name="Warehouse").first.click()
    frame = page.frame_locator("iframe")
    red = frame.get_by_role("row").filter(has=page.get_by_role("link", name="Police and courts"))
    assert "refused" in red.inner_text()
    red.get_by_role("link", name="Police and courts").click()
    frame.get_by_role("heading", name="Police and courts").wait_for()
    held = frame.get_by_role("region", name="Rows held back")
    rule = held.locator("tbody code").first.inner_text()
    held.locator("tbody tr").first.get_by_role("link").last.click()
    frame.get_by_role("heading", name="Rows held back of").wait_for()
    row = frame.get_by_role("region", name="Rows").locator("tbody tr").first
    assert rule in row.inner_text() and ".csv" in row.inner_text()
    row.get_by_role("link", name=rule).click()
    for heading in ("What happened", "Who is hurt", "What to do", "How to know it is over"):
        frame.get_by_role("heading", name=heading).wait_for()


def test_the_same_way_by_keyboard_alone(pages, page) -> None:
    page.goto(f"{pages.url}/warehouse/")

    def tab_to(address: str) -> None:
        for _ in range(120):
            page.keyboard.press("Tab")
            if address in (page.evaluate("document.activeElement.getAttribute('href')") or ""):
                break
        else:
            raise AssertionError(f"the keyboard does not get to {address}")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid", "where the keyboard is cannot be seen"

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    tab_to("/feeds/police")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Police and courts").wait_for()
    tab_to("/feeds/police/rows?")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Rows held back of").wait_for()
    tab_to("/runbooks/")


@pytest.mark.parametrize("width", [400, pytest.param(SIZE["width"], marks=pytest.mark.soak)])
def test_pages_are_readable_for_everybody(pages, page, crawled, width) -> None:
    """Nothing that axe calls serious or critical, nothing wider than the screen; one page of each kind."""
    from axe_playwright_python.sync_playwright import Axe

    kinds = {
        re.sub(r"[^/]+$", "", path.partition("?")[0]) + ("rows" if "/rows" in path else ""): path
        for path in sorted(crawled)
    }
    page.set_viewport_size({**SIZE, "width": width})
    for path in kinds.values():
        page.goto(pages.url + path)
        found = Axe().run(page).response["violations"]
        assert [rule["id"] for rule in found if rule["impact"] in ("serious", "critical")] == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)


def test_a_page_asks_nobody_else_for_anything(pages, page) -> None:
    asked, said = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    for path in ("/", "/feeds/police", "/runs/1"):
        page.goto(f"{pages.url}/warehouse{path}")
    assert len(asked) == 3, asked  # the page itself: no script, style, picture or font beside it
    assert said == []


@pytest.mark.soak
def test_pictures_for_the_documentation(pages, page) -> None:
    """Not much of a test: it writes docs/images/warehouse-*.png anew."""
    page.goto(pages.url)
    page.get_by_role("link", name="Warehouse").first.click()
    page.frame_locator("iframe").get_by_role("heading", name="Feeds").wait_for()
    page.wait_for_load_state("networkidle")
    page.screenshot(path=PICTURES / "warehouse-overview.png")
    nights = page.frame_locator("iframe").get_by_role("row").filter(has_text="nightly")
    run = nights.first.get_by_role("link").inner_text()
    for name, path in (("feed", "feeds/police"), ("rows", "feeds/police/rows"), ("run", f"runs/{run}")):
        page.goto(f"{pages.url}/warehouse/{path}")
        page.screenshot(path=PICTURES / f"warehouse-{name}.png")
