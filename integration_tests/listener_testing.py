"""pytest fixtures for tests of the listener: `pytest_plugins = ["integration_tests.listener_testing"]`."""

from collections.abc import Iterator

import pytest

from integration_tests.listener_board import Board
from integration_tests.sandbox.harness import AsanaSandbox

pytest_plugins = ["integration_tests.sandbox.asana.testing", "integration_tests.sandbox.visma.testing"]


@pytest.fixture
def board(asana_server: AsanaSandbox) -> Iterator[Board]:
    """A project as a sync leaves it, in a sandbox Asana as it was at its start."""
    with Board(asana_server) as board:
        yield board
