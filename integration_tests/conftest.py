"""Fixtures that many test modules share."""

import signal

import pytest

# A run in the background of a script, or under nohup, ignores these, and so would the programs that tests stop by them.
for number in (signal.SIGINT, signal.SIGHUP):
    if signal.getsignal(number) is signal.SIG_IGN:
        signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)

# Before it is imported: what it asserts is told with the values, as in the tests themselves.
pytest.register_assert_rewrite("integration_tests.destination_support")

from integration_tests.destination_support import destination, destination_server  # noqa: E402

__all__ = ["destination", "destination_server"]
