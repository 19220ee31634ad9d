"""The transport where no server is needed: nobody answers."""

import socket

import pytest
from airbyte_cdk.models import FailureType
from destination_asana.auth import PersonalAccessToken
from destination_asana.client import Client
from destination_asana.errors import UnreachableError


@pytest.fixture
def nobody():
    """An address nothing listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


def test_a_service_that_stays_away_is_a_transient_error_in_words(nobody):
    client = Client(nobody, PersonalAccessToken("secret"), attempts=2)
    with pytest.raises(UnreachableError) as caught:
        client.get("/users/me")
    traced = caught.value.as_traced("Writing to Asana")
    assert traced.failure_type == FailureType.transient_error
    assert "could not be reached (no connection)" in traced.message
    assert "secret" not in str(traced)


def test_a_create_that_was_never_sent_is_repeated_without_asking(nobody):
    client = Client(nobody, PersonalAccessToken("secret"), attempts=2)
    with pytest.raises(UnreachableError):
        client.create("/tasks", {}, lambda: pytest.fail("there is nothing to look for"))
    assert client.traffic.lost_answers == 0
