"""The results of make soak are kept, wherever its tests stand."""

from __future__ import annotations

import pytest


def test_the_plugin_that_keeps_results_is_there_for_all_tests(pytestconfig: pytest.Config) -> None:
    assert pytestconfig.pluginmanager.has_plugin("tests.soak")
