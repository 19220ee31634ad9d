"""The access token: renewed before it dies, replaced when rejected, and in no log."""

from types import SimpleNamespace

import orjson
import pytest
from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.airbyte_secrets_utils import filter_secrets
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from source_visma.components import access_token
from source_visma.components.access_token import OAuthToken


@pytest.fixture
def connect(answer, monkeypatch):
    """Visma Connect, which numbers its tokens, and a clock that moves by hand."""
    service = SimpleNamespace(now=1000.0, lifetime=3600, issued=0, name="token-number-")

    def post(*_: object, **__: object):
        service.issued += 1
        body = {"access_token": f"{service.name}{service.issued}", "expires_in": service.lifetime}
        return answer(orjson.dumps(body))

    monkeypatch.setattr(access_token.requests, "post", post)
    monkeypatch.setattr(access_token.CLOCK, "now", lambda: service.now)
    return service


@pytest.mark.parametrize(
    ("lifetime", "good_for"),
    [(3600, 3300), (100, 80), ("100", 80), (None, 3300), ("soon", 3300), (-5, 3300), (0, 3300)],
)
def test_a_token_is_renewed_a_margin_before_it_dies(connect, lifetime: object, good_for: int) -> None:
    connect.lifetime = lifetime
    token = OAuthToken("https://connect.visma.com/connect/token", {"client_secret": "a secret"})
    assert token.token() == "token-number-1"
    connect.now += good_for - 1
    assert token.token() == "token-number-1"
    connect.now += 1
    assert token.token() == "token-number-2"


def test_a_rejected_token_is_replaced_once(connect) -> None:
    token = OAuthToken("https://connect.visma.com/connect/token", {"client_secret": "a secret"})
    first = token.token()
    assert token.token(refused=first) == token.token(refused=first) == "token-number-2"
    assert connect.issued == 2


def test_a_token_is_in_no_log(connect) -> None:
    token = OAuthToken("https://connect.visma.com/connect/token", {"client_secret": "a secret"})
    assert token.token() not in filter_secrets(f"Authorization: Bearer {token.token()}")


@pytest.mark.parametrize("name", ["zq7-two\nlines", "zq7-\u2013", "zq7 space "])
def test_a_token_that_no_header_carries_is_none_and_is_not_shown(connect, name: str) -> None:
    connect.name = name
    token = OAuthToken("https://connect.visma.com/connect/token", {"client_secret": "a secret"})
    with pytest.raises(AirbyteTracedException, match="not the JSON of an access token") as found:
        token.token(deadline=1000.0)
    assert "zq7" not in str(found.value.message)


def test_certificates_of_the_machine_that_are_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere.pem")
    token = OAuthToken("https://127.0.0.1:9/token", {"client_secret": "a secret"})
    with pytest.raises(AirbyteTracedException, match=r"/nowhere\.pem\. Check token_url, and the settings") as found:
        token.token()
    assert found.value.failure_type is FailureType.config_error
