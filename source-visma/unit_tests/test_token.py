"""The access token: renewed before it dies, replaced when rejected, and in no log."""

from types import SimpleNamespace

import orjson
import pytest
from airbyte_cdk.utils.airbyte_secrets_utils import filter_secrets
from source_visma.components import access_token
from source_visma.components.access_token import AccessToken


@pytest.fixture
def connect(answer, monkeypatch):
    """Visma Connect, which numbers its tokens, and a clock that moves by hand."""
    service = SimpleNamespace(now=1000.0, lifetime=3600, issued=0)

    def post(*_: object, **__: object):
        service.issued += 1
        body = {"access_token": f"token-number-{service.issued}", "expires_in": service.lifetime}
        return answer(orjson.dumps(body))

    monkeypatch.setattr(access_token.requests, "post", post)
    monkeypatch.setattr(access_token, "time", SimpleNamespace(monotonic=lambda: service.now))
    return service


@pytest.mark.parametrize(("lifetime", "good_for"), [(3600, 3300), (100, 80)])
def test_a_token_is_renewed_a_margin_before_it_dies(connect, lifetime: int, good_for: int) -> None:
    connect.lifetime = lifetime
    token = AccessToken("https://connect.visma.com/connect/token", {"client_secret": "a secret"})
    assert token.value() == "token-number-1"
    connect.now += good_for - 1
    assert token.value() == "token-number-1"
    connect.now += 1
    assert token.value() == "token-number-2"


def test_a_rejected_token_is_replaced_once(connect) -> None:
    token = AccessToken("https://connect.visma.com/connect/token", {"client_secret": "a secret"})
    first = token.value()
    assert token.value(rejected=first) == token.value(rejected=first) == "token-number-2"
    assert connect.issued == 2


def test_a_token_is_in_no_log(connect) -> None:
    token = AccessToken("https://connect.visma.com/connect/token", {"client_secret": "a secret"})
    assert token.value() not in filter_secrets(f"Authorization: Bearer {token.value()}")
