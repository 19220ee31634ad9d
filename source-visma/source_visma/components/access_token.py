"""The access token of Visma Connect: requested once for all streams, renewed before it expires."""

import math
import re
import threading
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
from source_visma.components.bearer import BearerAuth
from source_visma.components.clock import CLOCK
from source_visma.components.deadlines import NEVER, timeout_until
from source_visma.components.errors import (
    LOGGER,
    TRANSIENT,
    Refusal,
    SaidInstead,
    UnreadableAnswer,
    give_up,
    known_errors,
)
from source_visma.components.waits import retry_after
from source_visma.components.words import in_words, message_of

RENEWAL_MARGIN_SECONDS = 300
USUAL_LIFETIME_SECONDS = 3600.0
NOT_GRANTED = (
    "The application is not granted for this tenant, or the tenant ID is wrong. An administrator of the company grants it "
    "in the Visma App Store, which also shows the tenant ID."
)
TOKEN = re.compile(r"[!-~]+")  # what a header can carry; an error that names the header would show the token
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


class OAuthToken:
    """An access token of Visma Connect. One thread renews it for all, before it expires.

    Rules: Visma Connect documentation, service applications (client credentials with a tenant).
    """

    def __init__(self, url: str, form: Mapping[str, str]) -> None:
        self._token_url, self._form = url, dict(form)
        add_to_secrets(quote_plus(form["client_secret"]))  # an error page may repeat it in this form
        self._lock = threading.Lock()
        self._access_token = ""
        self._renew_at = self._dies_at = self._ask_again = 0.0
        self._failure: AirbyteTracedException | None = None
        self.worked = False  # whether Visma.net took one of these tokens

    def token(self, refused: str = "", deadline: float = NEVER) -> str:
        """A valid token, other than ``refused``. Raises config_error or transient_error in plain words.

        A failure holds for all threads for some time, so that not each of them repeats the request.
        """
        with self._lock:
            if not self._lives(refused) or CLOCK.now() >= self._renew_at:
                if CLOCK.now() >= self._ask_again:
                    self._failure = None
                    try:
                        self._renew(deadline)
                    except AirbyteTracedException as error:
                        now = CLOCK.now()
                        self._failure = error
                        self._ask_again = min(now + 30, self._dies_at) if self._lives(refused) else now + 30
                failure = self._failure
                if failure and (failure.failure_type is FailureType.config_error or not self._lives(refused)):
                    give_up(failure.failure_type or FailureType.transient_error, failure.message or "")
            return self._access_token

    def _lives(self, refused: str) -> bool:
        return self._access_token not in ("", refused) and CLOCK.now() < self._dies_at

    def _renew(self, deadline: float) -> None:
        for attempt in count(1):
            pause, reason, asked = 2.0**attempt, "", CLOCK.now()
            try:
                answer = self._ask(deadline)
                if answer.status_code == 200:
                    self._take(answer, asked)
                    return
                reason = f"answered {answer.status_code}: {message_of(answer)}"
                if answer.status_code in (429, 503):
                    pause = retry_after(answer) or pause
                elif answer.status_code < 500 and answer.status_code != 408:
                    self._refused(answer)
            except TRANSIENT as problem:
                reason = in_words(problem)
            except requests.RequestException as problem:
                give_up(
                    FailureType.config_error,
                    f"Visma Connect ({self._token_url}) cannot be asked: {problem}. Check token_url, and "
                    "the settings of this machine for proxies and certificates.",
                )
            if attempt > 6 or CLOCK.now() + pause > deadline:
                give_up(
                    FailureType.transient_error,
                    f"Visma Connect ({self._token_url}) gives no access token: {reason}. Check that this machine reaches it "
                    "(firewall, proxy, token_url), and try again.",
                )
            LOGGER.info(f"Visma Connect gives no access token: {reason}. Trying again in {pause:.0f} s.")
            CLOCK.sleep(pause)

    def _ask(self, deadline: float) -> requests.Response:
        with known_errors():
            return requests.post(
                checked_url("token_url", self._token_url),
                data=self._form,
                headers={"Accept": "application/json"},
                auth=BearerAuth(),
                allow_redirects=False,  # a redirect would take the secret to another address
                timeout=(min(10, timeout_until(deadline)), min(60, timeout_until(deadline))),
            )

    def _take(self, answer: requests.Response, asked: float) -> None:
        try:
            body = orjson.loads(answer.content)
            token, lifetime = body["access_token"], _lifetime(body.get("expires_in"))
        except (ValueError, KeyError, TypeError, AttributeError):
            token = None
            self._refused_anyway(answer)
        if not isinstance(token, str) or not TOKEN.fullmatch(token):
            raise UnreadableAnswer("the answer is not the JSON of an access token")
        add_to_secrets(token)
        self._access_token = token
        self._dies_at = asked + lifetime  # it may have been issued well before its answer came
        self._renew_at = self._dies_at - min(RENEWAL_MARGIN_SECONDS, lifetime / 5)

    def _refused_anyway(self, answer: requests.Response) -> None:
        """Raises the failure that an answer without a token stands for, if it stands for one."""
        try:
            json_of(answer, list)
        except Refusal:
            self._refused(answer)
        except SaidInstead as instead:
            if message_of(answer).split(":")[0] in TOKEN_REFUSALS:
                self._refused(answer)
            raise SaidInstead(f"answered 200 without an access token, and said: {message_of(answer)}") from instead
        except UnreadableAnswer:
            pass

    def _refused(self, answer: requests.Response) -> NoReturn:
        words = message_of(answer)
        explanation = TOKEN_REFUSALS.get(
            words.split(":")[0],
            "Visma Connect refuses the credentials. Check client ID, client secret, tenant ID and token_url.",
        )
        message = f"{explanation} (Visma Connect said: {answer.status_code} {words})"
        if self.worked:
            give_up(FailureType.transient_error, f"{message} It took the same before in this sync: try again.")
        give_up(FailureType.config_error, message)


def _lifetime(expires_in: Any) -> float:
    """The lifetime of a token in seconds, as the answer says; an hour if it gives no valid number."""
    try:
        seconds = float(expires_in)
    except (TypeError, ValueError):
        return USUAL_LIFETIME_SECONDS
    return seconds if 0 < seconds < math.inf else USUAL_LIFETIME_SECONDS


@cache
def shared_token(url: str, scope: str, client_id: str, client_secret: str, tenant_id: str) -> OAuthToken:
    """The one token for these credentials."""
    form = {"client_id": client_id, "client_secret": client_secret, "tenant_id": tenant_id, "scope": scope}
    return OAuthToken(url, {"grant_type": "client_credentials", **form})


@dataclass
class VismaConnectAuthenticator(DeclarativeAuthenticator):
    """Client credentials with a tenant; all streams share the token."""

    config: Config
    token_url: str
    scope: str
    parameters: InitVar[Mapping[str, Any] | None] = None

    def __post_init__(self, parameters: Mapping[str, Any] | None) -> None:
        url = str(InterpolatedString.create(self.token_url, parameters={}).eval(self.config))
        # Without interpolation: Jinja would make a number of an ID or secret that looks like one.
        credentials = (self.config[key] for key in ("client_id", "client_secret", "tenant_id"))
        self.access_token = shared_token(url, self.scope, *map(str, credentials))

    @property
    def auth_header(self) -> str:
        """Name of the header."""
        return "Authorization"

    @property
    def token(self) -> str:
        """Value of the header."""
        return f"Bearer {self.access_token.token()}"
