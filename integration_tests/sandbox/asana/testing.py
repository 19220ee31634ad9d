"""pytest fixtures for tests that need a sandbox Asana: `pytest_plugins = ["integration_tests.sandbox.asana.testing"]`."""

from collections.abc import Iterator

import pytest

from integration_tests import openapi
from integration_tests.sandbox.asana.client import Client
from integration_tests.sandbox.harness import AsanaSandbox


@pytest.fixture(scope="session")
def asana_server() -> Iterator[AsanaSandbox]:
    """One server for the whole test run."""
    with AsanaSandbox() as server:
        yield server


@pytest.fixture
def asana(asana_server: AsanaSandbox) -> Iterator[AsanaSandbox]:
    """The server in its initial state. After the test, all traffic is checked against the official document."""
    asana_server.reset(record_bodies=True)
    yield asana_server
    if openapi.available():
        sound = [one for one in asana_server.log() if "fault" not in one and one["path"] != "/-/oauth_token"]
        assert [text for entry in sound for text in openapi.asana().answer_problems(entry)] == []


@pytest.fixture
def client(asana: AsanaSandbox) -> Iterator[Client]:
    """Speaks as the finance bot."""
    with Client(asana) as speaker:
        yield speaker


@pytest.fixture
def person(asana: AsanaSandbox) -> Iterator[Client]:
    """Speaks as Kari Nordmann."""
    with Client(asana, "sandbox-asana-person-token") as speaker:
        yield speaker
