"""Calls to the services. Each is tried once; the queues repeat it. An error says whether repeating can help."""

from __future__ import annotations

import html
import re
import threading
import time
from collections.abc import Mapping
from typing import Any, Protocol

import httpx

from webhook_listener.redaction import add_secret

TIMEOUT = httpx.Timeout(30, connect=10)
RENEWAL_MARGIN_SECONDS = 120


class CallError(Exception):
    """A call that did not succeed. `status` of the answer if there was one, `retry_after` seconds when they were named."""

    status: int | None = None
    retry_after: float | None = None

    @property
    def passing(self) -> bool:
        """Whether the same request may succeed later without anybody mending anything."""
        return True


class ServiceError(CallError):
    """An answer that is no success. `status`, what the service `said`, and `retry_after` seconds when it named them."""

    def __init__(self, service: str, request: str, status: int, said: str, retry_after: float | None = None) -> None:
        super().__init__(f"{service} answered {status} to {request}: {said}")
        self.status: int = status
        self.said = said
        self.retry_after = retry_after

    @property
    def passing(self) -> bool:
        return self.status in (408, 429) or self.status >= 500


class TokenError(ServiceError):
    """The token service gave no token. The task itself is not at fault, so it waits until somebody mends the access."""

    @property
    def passing(self) -> bool:
        return True


class UnreachableError(CallError):
    """No usable answer; whether the request had its effect is unknown."""


class Authentication(Protocol):
    def token(self) -> str | None:
        """The bearer token, renewed when its end is near; None for no authentication."""

    def renew(self, refused: str | None) -> bool:
        """Replaces a token that was refused; False when there is nothing to replace it with."""


class FixedToken:
    """A token that does not change."""

    def __init__(self, token: str | None) -> None:
        self._token = token

    def token(self) -> str | None:
        return self._token

    def renew(self, refused: str | None) -> bool:
        return False


class RenewedToken:
    """An OAuth 2.0 access token from a token endpoint, renewed before its `expires_in` is over.

    `form` is what is posted; `as_json` posts it as JSON (Airbyte). Raises TokenError and UnreachableError.
    """

    def __init__(self, service: str, url: str, form: Mapping[str, str], as_json: bool = False) -> None:
        self._service, self._url, self._form, self._as_json = service, url, dict(form), as_json
        self._lock = threading.Lock()
        self._token: str | None = None
        self._until = 0.0

    def token(self) -> str | None:
        with self._lock:
            if self._token is None or time.monotonic() >= self._until:
                self._fetch()
            return self._token

    def renew(self, refused: str | None) -> bool:
        with self._lock:
            if self._token == refused:
                self._fetch()
        return True

    def _fetch(self) -> None:
        content: dict[str, Any] = {"json": self._form} if self._as_json else {"data": self._form}
        try:
            answer = httpx.post(self._url, timeout=TIMEOUT, headers={"Accept": "application/json"}, **content)
        except httpx.HTTPError as error:
            raise UnreachableError(f"{self._service}'s token service: {type(error).__name__}") from None
        body = _json(answer)
        if not answer.is_success or not isinstance(body, dict) or not body.get("access_token"):
            raise TokenError(
                f"{self._service}'s token service",
                "a token request",
                answer.status_code,
                words(answer),
                _retry_after(answer),
            )
        self._token = str(body["access_token"])
        add_secret(self._token)
        lifetime = float(body.get("expires_in") or 180)
        self._until = time.monotonic() + lifetime - min(RENEWAL_MARGIN_SECONDS, lifetime / 5)


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
        """One request, repeated once with a new token after a 401.

        Returns a success or an answer whose status is in `accept`; raises ServiceError or UnreachableError.
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
        """The parsed body of a success. Raises UnreachableError when it is not whole, valid JSON."""
        return self.parsed(self.call(method, path, **options))

    def parsed(self, answer: httpx.Response) -> Any:
        """The JSON object of an answer. Raises UnreachableError when it is not whole."""
        parsed = _json(answer)
        if not isinstance(parsed, dict):
            request = f"{answer.request.method} {answer.request.url.path}"
            raise UnreachableError(f"{self.name} answered {request} with something that is not a JSON object")
        return parsed


def _json(answer: httpx.Response) -> Any:
    try:
        return answer.json()
    except ValueError:
        return None


def _retry_after(answer: httpx.Response) -> float | None:
    try:
        return max(0.0, float(answer.headers["retry-after"]))
    except (KeyError, ValueError):
        return None


def words(answer: httpx.Response) -> str:
    """The service's own words out of an error answer, one line of at most 300 characters, whatever shape it has."""
    body = _json(answer)
    said = ""
    if isinstance(body, dict):
        errors = body.get("errors")
        if isinstance(errors, list):
            said = "; ".join(str(error.get("message", "")) for error in errors if isinstance(error, dict))
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
            said = said or (str(body[name]) if isinstance(body.get(name), str) else "")
    else:
        said = html.unescape(re.sub(r"<[^>]*>", " ", answer.text))
    return " ".join(said.split())[:300] or f"nothing but the status {answer.status_code}"
