"""A real Chromium for tests; where there is none they are skipped, unless YOS_BROWSER_REQUIRED=1 (.ci/run sets it)."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

REQUIRED = (
    os.environ.get("YOS_BROWSER_REQUIRED") == "1"
)  # read before tests lose sight of the caller's variables
NAMES = ("chromium", "chromium-browser", "google-chrome")


@contextmanager
def chromium() -> Iterator[Any]:
    """A browser of playwright's, started from the system's Chromium."""
    from playwright.sync_api import sync_playwright

    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        words = "there is no Chromium: apt-get install chromium"
        pytest.fail(words) if REQUIRED else pytest.skip(words)
    with sync_playwright() as playwright:
        # Chromium's own sandbox wants an account that is not root
        arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=found, args=arguments)
        try:
            yield browser
        finally:
            browser.close()
