"""The access token of Visma Connect: asked for once for all streams, renewed before it dies."""

import threading
import time
from collections.abc import Mapping
from dataclasses import InitVar, dataclass
from functools import cache
from itertools import count
from typing import Any, NoReturn
from urllib.parse import quote_plus

import orjson
import requests
from airbyte_cdk.models import FailureType
from airbyte_cdk.sources.declarative.auth.declarative_authenticator import DeclarativeAuthenticator
from airbyte_cdk.sources.declarative.interpolation import InterpolatedString
from airbyte_cdk.sources.types import Config
from airbyte_cdk.utils.airbyte_secrets_utils import add_to_secrets
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_visma.components.addresses import checked_url
from source_visma.components.answers import json_of
from source_visma.components.deadlines import NEVER, timeout_until
from source_visma.components.errors import LOGGER, TRANSIENT, Refusal, SaidInstead, UnreadableAnswer, give_up
from source_visma.components.waits import retry_after
from source_visma.components.words import in_words, said

NOT_GRANTED = (
    "The application is not granted for this tenant, or the tenant ID is wrong. An administrator of the company grants it "
    "in the Visma App Store, which also shows the tenant ID."
)
TOKEN_REFUSALS = {
    "invalid_client": "Visma Connect does not know this client ID and client secret. Copy both again from the "
    "application's credentials in the Visma Developer Portal; an old secret may have expired.",
    "invalid_tenant": NOT_GRANTED,
    "unauthorized_client": NOT_GRANTED,
    "access_denied": NOT_GRANTED,
    "12027": NOT_GRANTED,
    "invalid_scope": "The application lacks the scope vismanet_erp_service_api:read. Add the integration "
    '"Visma.net ERP Service API" with read access to it in the Visma Developer Portal.',
}


class AccessToken:
    """An access token of Visma Connect, renewed before it dies, by one thread for all.

    Rules: Visma Connect documentation, service applications (client credentials with a tenant).
    """

    def __init__(self, url: str, form: Mapping[str, str]) -> None:
        self._url, self._form = url, dict(form)
        add_to_secrets(quote_plus(form["client_secret"]))  # as an error page may repeat it
        self._lock = threading.Lock()
        self._value = ""
        self._renew_at = self._dies_at = self._ask_again = 0.0
        self._failure: AirbyteTracedException | None = None
        self.worked = False  # whether Visma.net took one of these tokens

    def value(self, rejected: str = "", deadline: float = NEVER) -> str:
        """A live token; another one than ``rejected``. Raises config_error or transient_error in plain words.

        What one thread was told holds for all of them for some time: a request that fails is not repeated by each.
        """
        with self._lock:
            if not self._lives(rejected) or time.monotonic() >= self._renew_at:
                if time.monotonic() >= self._ask_again:
                    self._failure = None
                    try:
                        self._renew(deadline)
                    except AirbyteTracedException as error:
                        now = time.monotonic()
                        self._failure = error
                        self._ask_again = min(now + 30, self._dies_at) if self._lives(rejected) else now + 30
                failure = self._failure
                if failure and (failure.failure_type is FailureType.config_error or not self._lives(rejected)):
                    give_up(failure.failure_type or FailureType.transient_error, failure.message or "")
            return self._value

    def _lives(self, rejected: str) -> bool:
        return self._value not in ("", rejected) and time.monotonic() < self._dies_at

    def _renew(self, deadline: float) -> None:
        for attempt in count(1):
            pause, reason, asked = 2.0**attempt, "", time.monotonic()
            try:
                answer = requests.post(
                    checked_url("token_url", self._url),
                    data=self._form,
                    headers={"Accept": "application/json"},
                    auth=lambda request: request,  # or requests would add what ~/.netrc says
                    allow_redirects=False,  # or the secret would go wherever the answer points to
                    timeout=(min(10, timeout_until(deadline)), min(60, timeout_until(deadline))),
                )
                if answer.status_code == 200:
                    self._take(answer, asked)
                    return
                reason = f"answered {answer.status_code}: {said(answer)}"
                if answer.status_code in (429, 503):
                    pause = retry_after(answer) or pause
                elif answer.status_code < 500 and answer.status_code != 429:
                    self._refused(answer)
            except TRANSIENT as problem:
                reason = in_words(problem)
            if attempt > 6 or time.monotonic() + pause > deadline:
                give_up(
                    FailureType.transient_error,
                    f"Visma Connect ({self._url}) gives no access token: {reason}. Check that this machine reaches it "
                    "(firewall, proxy, token_url), and try again.",
                )
            LOGGER.info(f"Visma Connect gives no access token: {reason}. Trying again in {pause:.0f} s.")
            time.sleep(pause)

    def _take(self, answer: requests.Response, asked: float) -> None:
        try:
            body = orjson.loads(answer.content)
            value, lifetime = body["access_token"], float(body.get("expires_in") or 3600)
        except (ValueError, KeyError, TypeError, AttributeError):
            value = None
            self._refused_anyway(answer)
        if not isinstance(value, str) or not value:
            raise UnreadableAnswer("the answer is not the JSON of an access token")
        add_to_secrets(value)
        self._value = value
        self._dies_at = asked + lifetime  # it may have been issued well before its answer came
        self._renew_at = self._dies_at - min(300, lifetime / 5)

    def _refused_anyway(self, answer: requests.Response) -> None:
        """Raises what words in place of a token mean, when they have a meaning."""
        try:
            json_of(answer, list)
        except Refusal:
            self._refused(answer)
        except SaidInstead as instead:
            if said(answer).split(":")[0] in TOKEN_REFUSALS:
                self._refused(answer)
            raise SaidInstead(f"answered 200 without an access token, and said: {said(answer)}") from instead
        except UnreadableAnswer:
            pass

    def _refused(self, answer: requests.Response) -> NoReturn:
        words = said(answer)
        explanation = TOKEN_REFUSALS.get(
            words.split(":")[0],
            "Visma Connect refuses the credentials. Check client ID, client secret, tenant ID and token_url.",
        )
        message = f"{explanation} (Visma Connect said: {answer.status_code} {words})"
        if self.worked:
            give_up(FailureType.transient_error, f"{message} It took the same before in this sync: try again.")
        give_up(FailureType.config_error, message)


@cache
def shared_token(url: str, scope: str, client_id: str, client_secret: str, tenant_id: str) -> AccessToken:
    """The one token for these credentials."""
    form = {"client_id": client_id, "client_secret": client_secret, "tenant_id": tenant_id, "scope": scope}
    return AccessToken(url, {"grant_type": "client_credentials", **form})


@dataclass
class VismaConnectAuthenticator(DeclarativeAuthenticator):
    """Client credentials with a tenant; all streams share the token."""

    config: Config
    token_url: str
    scope: str
    parameters: InitVar[Mapping[str, Any] | None] = None

    def __post_init__(self, parameters: Mapping[str, Any] | None) -> None:
        url = str(InterpolatedString.create(self.token_url, parameters={}).eval(self.config))
        # Not interpolated: Jinja would turn an ID or secret that looks like a number into one.
        credentials = (self.config[key] for key in ("client_id", "client_secret", "tenant_id"))
        self.access_token = shared_token(url, self.scope, *map(str, credentials))

    @property
    def auth_header(self) -> str:
        """Name of the header."""
        return "Authorization"

    @property
    def token(self) -> str:
        """Value of the header."""
        return f"Bearer {self.access_token.value()}"
