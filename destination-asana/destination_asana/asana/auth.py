"""The Authorization header: a personal access token as it is, or an OAuth access token that is renewed before it expires."""

from __future__ import annotations

import logging
import math
import threading
import time
from typing import Any

import requests
from airbyte_cdk.models import FailureType
from airbyte_cdk.utils import airbyte_secrets_utils
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from destination_asana.asana.errors import one_line, words_of
from destination_asana.asana.pauses import hint_in, pause_after
from destination_asana.errors import config_error

logger = logging.getLogger("airbyte")

RENEWAL_MARGIN_SECONDS = 300
USUAL_LIFETIME_SECONDS = 3600.0
TOKEN_TIMEOUT = (10, 30)
# How long to retry the token service when there is no valid token.
SYNC_PATIENCE_SECONDS = 120.0
CHECK_PATIENCE_SECONDS = 6.0
SEVERAL_TRIES = 4


class BearerAuth(requests.auth.AuthBase):
    """Signs a request with an access token."""

    def __init__(self, token: str) -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        header = ("Authorization", f"Bearer {self._token}")
        # The check that requests makes for all other headers: a line break in a token must not begin another header.
        requests.utils.check_header_validity(header)
        request.headers[header[0]] = header[1]
        return request


class NoAuth(requests.auth.AuthBase):
    """Leaves a request unsigned. Without this, requests would add credentials from ~/.netrc."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request


class PersonalAccessToken:
    """A token that never changes, so there is nothing to renew."""

    def __init__(self, token: str) -> None:
        self._token = token

    def token(self) -> str:
        return self._token

    def renew(self, refused: str) -> bool:
        """False, because a refused personal access token stays refused."""
        return False


class NotNowError(Exception):
    """The token service issued no token, for a reason that may pass. `hint` is its Retry-After."""

    def __init__(self, message: str, seen: str, hint: float | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.seen = seen
        self.hint = hint

    def as_traced(self) -> AirbyteTracedException:
        return AirbyteTracedException(
            message=self.message, internal_message=self.seen, failure_type=FailureType.transient_error
        )


class OAuthToken:
    """Access tokens from a refresh token (`grant_type=refresh_token`; source: Asana developer docs, "OAuth").

    Tokens live about an hour. One thread renews the token for all, five minutes (or a tenth of its life) before it
    expires. If that early renewal fails, the old token stays in use and the renewal is retried. The failure counts only
    when no valid token is left, after `patience` seconds of retries. Raises AirbyteTracedException: config_error if Asana
    refuses the client or the refresh token, else transient_error.
    """

    def __init__(
        self,
        client_id: str,
        client_secret: str,
        refresh_token: str,
        token_url: str,
        *,
        patience: float = SYNC_PATIENCE_SECONDS,
    ) -> None:
        self._form = {
            "grant_type": "refresh_token",
            "client_id": client_id,
            "client_secret": client_secret,
            "refresh_token": refresh_token,
        }
        self._token_url = token_url
        self._patience = patience
        self._lock = threading.Lock()
        self._access_token = ""
        self._renew_at = 0.0
        self._dies_at = 0.0
        self._failed_renewals = 0
        # Whether an answer carried another refresh token; None before the first answer.
        self.replaced: bool | None = None

    def token(self) -> str:
        now = time.monotonic()
        if now < self._renew_at:
            return self._access_token
        alive = now < self._dies_at
        # One thread renews. The others need not wait for it while the old token is valid.
        if not self._lock.acquire(blocking=not alive):
            return self._access_token
        try:
            now = time.monotonic()
            if now >= self._dies_at:
                self._fetch()
            elif now >= self._renew_at:
                self._renew_early()
            return self._access_token
        finally:
            self._lock.release()

    def renew(self, refused: str) -> bool:
        """Fetches a new token, unless another thread has already replaced the refused one. True means: try again."""
        with self._lock:
            if self._access_token == refused:
                self._fetch()
            return True

    def _renew_early(self) -> None:
        try:
            self._renew()
        except (NotNowError, AirbyteTracedException) as error:
            self._failed_renewals += 1
            pause = pause_after(getattr(error, "hint", None), self._failed_renewals)
            self._renew_at = min(time.monotonic() + pause, self._dies_at)
            left = max(0.0, self._dies_at - time.monotonic())
            logger.info(
                f"The access token could not be renewed yet ({error.message}) It lives for {left:.0f} s more; the "
                f"renewal is tried again in {pause:.0f} s."
            )

    def _fetch(self) -> None:
        end, tries = time.monotonic() + self._patience, 0
        while True:
            tries += 1
            try:
                self._renew()
                return
            except NotNowError as error:
                # Even if the service asks for a long wait, there are several tries before the end.
                pause = min(pause_after(error.hint, tries), self._patience / SEVERAL_TRIES)
                if time.monotonic() + pause >= end:
                    raise error.as_traced() from None
            time.sleep(pause)

    def _renew(self) -> None:
        """Raises config_error for a refusal, NotNowError for any other failure to get a token."""
        asked = time.monotonic()
        self._take(self._ask(), asked)

    def _take(self, response: requests.Response, asked: float) -> None:
        """Takes the token from an answer. `asked` is the time of the request; the token may have been issued well before
        its answer came."""
        try:
            body = response.json()
        except ValueError:
            body = None
        if response.status_code in (400, 401, 403):
            message = body.get("error_description") or body.get("error") if isinstance(body, dict) else None
            words = one_line(str(message)) if message else words_of(response.status_code, body, response.text)
            raise config_error(
                f"Asana does not renew the OAuth access: “{words}” ({response.status_code}). The client id, client secret or "
                "refresh token is wrong, or the access was revoked. Authorise the app again and update the settings."
            )
        if not response.ok or not isinstance(body, dict) or not body.get("access_token"):
            message = f"Asana's token service gave no token (status {response.status_code}). Run the sync again later."
            raise NotNowError(message, f"status {response.status_code}", hint_in(response.headers))
        self._access_token = str(body["access_token"])
        self.replaced = body.get("refresh_token") not in (None, self._form["refresh_token"])
        add_secret(self._access_token)
        lifetime = _lifetime(body.get("expires_in"))
        self._failed_renewals = 0
        self._renew_at = asked + lifetime - min(RENEWAL_MARGIN_SECONDS, lifetime / 10)
        self._dies_at = asked + lifetime

    def _ask(self) -> requests.Response:
        try:
            return requests.post(
                self._token_url,
                data=self._form,
                auth=NoAuth(),
                timeout=TOKEN_TIMEOUT,
                allow_redirects=False,  # a redirect would take the secrets to another address
            )
        except requests.RequestException as error:
            message = "Asana's token service could not be reached. Check the network and token_url, then try again."
            raise NotNowError(message, type(error).__name__) from None


def _lifetime(expires_in: Any) -> float:
    """The lifetime of a token in seconds, as the answer says; an hour if it gives no valid number."""
    try:
        seconds = float(expires_in)
    except (TypeError, ValueError):
        return USUAL_LIFETIME_SECONDS
    return seconds if 0 < seconds < math.inf else USUAL_LIFETIME_SECONDS


def add_secret(value: str) -> None:
    """Registers a value that must not appear in any log line."""
    airbyte_secrets_utils.add_to_secrets(value)
