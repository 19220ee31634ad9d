"""Fixtures that many test modules share."""

import pytest

# Before it is imported: what it asserts is told with the values, as in the tests themselves.
pytest.register_assert_rewrite("integration_tests.destination_support")

from integration_tests.destination_support import destination, destination_server  # noqa: E402

__all__ = ["destination", "destination_server"]
