"""Calls to the services. Each is made once, and the queues retry it. An error says whether a retry can help."""

from __future__ import annotations

import html
import math
import re
import threading
import time
from collections.abc import Mapping
from typing import Any, Protocol

import httpx

from webhook_listener.redaction import add_secret

TIMEOUT = httpx.Timeout(30, connect=10)
RENEWAL_MARGIN_SECONDS = 120
# Airbyte's tokens live three minutes, those of Asana and Visma an hour.
USUAL_LIFETIME_SECONDS = 180.0
LONGEST_RETRY_AFTER_SECONDS = 86_400.0


class CallError(Exception):
    """A call that did not succeed, with the `status` and `retry_after` seconds of the answer, if it had them."""

    status: int | None = None
    retry_after: float | None = None

    @property
    def passing(self) -> bool:
        """Whether the same request may succeed later without anybody fixing anything."""
        return True


class ServiceError(CallError):
    """An error answer: its `status`, the service's message (`message`) and its `retry_after` seconds, if any."""

    def __init__(self, service: str, request: str, status: int, message: str, retry_after: float | None = None) -> None:
        super().__init__(f"{service} answered {status} to {request}: {message}")
        self.status: int = status
        self.message = message
        self.retry_after = retry_after

    @property
    def passing(self) -> bool:
        return self.status in (408, 429) or self.status >= 500


class TokenError(ServiceError):
    """The token service issued no token. The work itself is not at fault, so it waits until somebody fixes the access."""

    @property
    def passing(self) -> bool:
        return True


class UnreachableError(CallError):
    """No usable answer. Whether the request took effect is unknown."""


class Authentication(Protocol):
    def token(self) -> str | None:
        """The bearer token, renewed shortly before it expires. None means no authentication."""

    def renew(self, refused: str | None) -> bool:
        """Replaces a refused token. False if there is no way to get another."""


class NoAuthentication:
    """For a service that asks for no token."""

    def token(self) -> None:
        return None

    def renew(self, refused: str | None) -> bool:
        return False


class PersonalAccessToken:
    """A token that never changes, so there is nothing to renew."""

    def __init__(self, token: str) -> None:
        self._token = token

    def token(self) -> str:
        return self._token

    def renew(self, refused: str | None) -> bool:
        """False, because a refused personal access token stays refused."""
        return False


class OAuthToken:
    """An OAuth 2.0 access token from a token endpoint, renewed before it expires.

    `form` is the body of the request; `as_json` sends it as JSON (Airbyte). Raises TokenError and UnreachableError.
    """

    def __init__(self, service: str, url: str, form: Mapping[str, str], as_json: bool = False) -> None:
        self._service, self._token_url, self._form, self._as_json = service, url, dict(form), as_json
        self._lock = threading.Lock()
        self._access_token = ""
        self._renew_at = 0.0

    def token(self) -> str:
        with self._lock:
            if time.monotonic() >= self._renew_at:
                self._renew()
            return self._access_token

    def renew(self, refused: str | None) -> bool:
        """Fetches a new token, unless another thread has already replaced the refused one. True means: try again."""
        with self._lock:
            if self._access_token == refused:
                self._renew()
            return True

    def _renew(self) -> None:
        asked = time.monotonic()
        self._take(self._ask(), asked)

    def _ask(self) -> httpx.Response:
        content: dict[str, Any] = {"json": self._form} if self._as_json else {"data": self._form}
        try:
            return httpx.post(self._token_url, timeout=TIMEOUT, headers={"Accept": "application/json"}, **content)
        except httpx.HTTPError as error:
            raise UnreachableError(f"{self._service}'s token service: {type(error).__name__}") from None

    def _take(self, answer: httpx.Response, asked: float) -> None:
        """Takes the token from an answer. `asked` is the time of the request; the token may have been issued well before
        its answer came."""
        body = _json(answer)
        if not answer.is_success or not isinstance(body, dict) or not body.get("access_token"):
            raise TokenError(
                f"{self._service}'s token service",
                "a token request",
                answer.status_code,
                words(answer),
                _retry_after(answer),
            )
        self._access_token = str(body["access_token"])
        add_secret(self._access_token)
        lifetime = _lifetime(body.get("expires_in"))
        self._renew_at = asked + lifetime - min(RENEWAL_MARGIN_SECONDS, lifetime / 5)


class Service:
    """One HTTP API. Thread-safe."""

    def __init__(
        self, name: str, base_url: str, authentication: Authentication, headers: Mapping[str, str] | None = None
    ) -> None:
        self.name = name
        self._authentication = authentication
        self._client = httpx.Client(
            base_url=base_url, timeout=TIMEOUT, headers={"Accept": "application/json", **(headers or {})}
        )

    def close(self) -> None:
        self._client.close()

    def call(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        accept: tuple[int, ...] = (),
    ) -> httpx.Response:
        """Makes one request, and repeats it once with a new token after a 401.

        Returns a success or an answer whose status is in `accept`. Raises ServiceError or UnreachableError.
        """
        for last in (False, True):
            token = self._authentication.token()
            extra = dict(headers or {}) | ({"Authorization": f"Bearer {token}"} if token else {})
            try:
                answer = self._client.request(method, path, params=query, json=body, headers=extra)
            except httpx.HTTPError as error:
                raise UnreachableError(
                    f"{self.name} gave no answer to {method} {path} ({type(error).__name__})"
                ) from None
            if answer.status_code == 401 and not last and self._authentication.renew(token):
                continue
            break
        if answer.is_success or answer.status_code in accept:
            return answer
        raise ServiceError(self.name, f"{method} {path}", answer.status_code, words(answer), _retry_after(answer))

    def data(self, method: str, path: str, **options: Any) -> Any:
        """The parsed body of a success. Raises UnreachableError unless it is complete, valid JSON."""
        return self.parsed(self.call(method, path, **options))

    def parsed(self, answer: httpx.Response) -> Any:
        """The JSON object in an answer. Raises UnreachableError unless it is complete, valid JSON."""
        parsed = _json(answer)
        if not isinstance(parsed, dict):
            request = f"{answer.request.method} {answer.request.url.path}"
            raise UnreachableError(f"{self.name} answered {request} with something that is not a JSON object")
        return parsed


def _lifetime(expires_in: Any) -> float:
    """The lifetime of a token in seconds, as the answer says; the shortest of the three services' lifetimes if it gives no valid number."""
    try:
        seconds = float(expires_in)
    except (TypeError, ValueError):
        return USUAL_LIFETIME_SECONDS
    return seconds if 0 < seconds < math.inf else USUAL_LIFETIME_SECONDS


def _json(answer: httpx.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None


def _retry_after(answer: httpx.Response) -> float | None:
    """The seconds that an answer asks to wait, a day at most; None for any other text."""
    try:
        seconds = float(answer.headers["retry-after"])
    except (KeyError, ValueError):
        return None
    return min(max(0.0, seconds), LONGEST_RETRY_AFTER_SECONDS) if math.isfinite(seconds) else None


def words(answer: httpx.Response) -> str:
    """The service's message in an error answer of any shape: one line of at most 300 characters."""
    body = _json(answer)
    message = ""
    if isinstance(body, dict):
        errors = body.get("errors")
        if isinstance(errors, list):
            message = "; ".join(str(error.get("message", "")) for error in errors if isinstance(error, dict))
        for name in (
            "error_description",
            "ExceptionMessage",
            "message",
            "Message",
            "error",
            "detail",
            "title",
            "ExceptionFaultCode",
        ):
            message = message or (str(body[name]) if isinstance(body.get(name), str) else "")
    else:
        message = html.unescape(re.sub(r"<[^>]*>", " ", answer.text))
    return " ".join(message.split())[:300] or f"nothing but the status {answer.status_code}"
