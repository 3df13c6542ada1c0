"""The door fixture for the tests of history."""

from tests.door.conftest import door  # noqa: F401
