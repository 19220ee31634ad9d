"""pytest fixtures for tests that need a sandbox Visma: ``pytest_plugins = ["integration_tests.sandbox.visma.testing"]``."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from integration_tests.sandbox.harness import VismaSandbox
from integration_tests.sandbox.visma.client import connect


@pytest.fixture(scope="session")
def visma_server() -> Iterator[VismaSandbox]:
    """One server for the whole test run."""
    with VismaSandbox() as server:
        yield server


@pytest.fixture
def visma(visma_server: VismaSandbox) -> VismaSandbox:
    """The server, as it was at its start."""
    visma_server.reset()
    return visma_server


@pytest.fixture
def api(visma: VismaSandbox) -> Iterator[httpx.Client]:
    """A client with a token to read, at the right company."""
    with connect(visma) as client:
        yield client
