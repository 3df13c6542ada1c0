"""The mail a partner gets, as its reader sees it; with the picture that docs/how-to/what-partners-are-told.md shows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.browser import chromium
from tests.telling.conftest import Night
from yos_warehouse.settings import PROJECT_DIR

PICTURE = PROJECT_DIR / "docs" / "images" / "partner-mail.png"
POLICE = "police.data@oakshire.example.org"


def partner_mail(night: Night) -> str:
    """HTML of a digest with something of each kind."""
    now = datetime(2026, 4, 2, 7, 30, tzinfo=UTC)
    first = night.run()
    night.hold(night.load(first, rows=412, held=3))
    night.check(first, "REQUIRED:asn", failed=3)
    night.check(first, "REQUIRED:family_name", failed=2)
    night.tell(first)
    night.compose(now - timedelta(days=1))
    night.warehouse.query("update ops.incident set opened_at = %s", (now - timedelta(days=1),))
    run = night.run()
    night.load(run, day="2026-04-01", rows=398, held=6)
    for rule in ("REQUIRED:arrested_at", "DATE:arrested_at", "DATE:date_of_birth"):
        night.check(run, rule, failed=3)
    night.check(run, "REQUIRED:family_name", failed=0)
    night.tell(run)
    night.compose(now)
    ((html,),) = night.warehouse.query(
        "select html from ops.outbox where recipient = %s order by mail_id desc limit 1", (POLICE,)
    )
    return str(html)


@pytest.mark.soak  # it starts a browser and writes the picture anew
def test_a_partners_mail_reads_without_pictures_and_loads_nothing(night: Night) -> None:
    html = partner_mail(night)
    asked: list[str] = []
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 720, "height": 900})
        page.on("request", lambda request: asked.append(request.url))
        page.set_content(html)
        shown = page.inner_text("body")
        for words in ("FICTIONAL DATA.", "First, of all that follows", "New", "Still open", "In order again"):
            assert words in shown
        assert page.evaluate("document.body.scrollWidth") <= 720
        page.screenshot(path=PICTURE, full_page=True)
        page.set_viewport_size({"width": 360, "height": 740})  # a telephone
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert not [url for url in asked if not url.startswith(("about:", "data:"))]
