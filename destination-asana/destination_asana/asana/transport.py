"""One request to Asana, with its retries: through the gate, signed, and repeated or given up according to the verdict."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

import orjson
import requests
from requests.adapters import HTTPAdapter

from destination_asana.asana.auth import BearerAuth
from destination_asana.asana.errors import AsanaError, UnreachableError, words_of
from destination_asana.asana.gate import Gate, Kind
from destination_asana.asana.headers import ServerHeaders
from destination_asana.asana.traffic import Traffic
from destination_asana.asana.verdict import TOO_MANY_REQUESTS, Answer, Attempt, Patience, Step, verdict

logger = logging.getLogger("airbyte")

MOST_CONNECTIONS = 66


class Credentials(Protocol):
    """The part of auth.PersonalAccessToken and auth.OAuthToken that the transport needs."""

    def token(self) -> str:
        """A valid token."""

    def renew(self, refused: str) -> bool:
        """Replaces a refused token (401). False if there is no other one."""


class UnknownOutcomeError(Exception):
    """A request that changes something got no usable answer. It may have been applied, or may still be. `slow` means that
    the server may still be working on it."""

    def __init__(self, reason: str, *, slow: bool = False) -> None:
        super().__init__(reason)
        self.slow = slow


@dataclass(frozen=True)
class Request:
    """A request by its path (`/tasks`). `repeatable` means that it does no harm if Asana applies it twice."""

    method: str
    path: str
    params: Mapping[str, Any] | None = None
    data: Mapping[str, Any] | None = None
    repeatable: bool = True

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def write(self) -> bool:
        return self.method != "GET"

    @property
    def kind(self) -> Kind:
        if self.write:
            return Kind.WRITE
        return Kind.SEARCH if self.path.endswith("/search") else Kind.READ


@dataclass(frozen=True)
class _Result:
    """The result of one attempt: a response or an error. `started` is in monotonic seconds."""

    token: str
    started: float
    response: requests.Response | None = None
    error: requests.RequestException | None = None

    def answer(self) -> Answer | None:
        if self.response is None:
            return None
        return Answer(self.response.status_code, _json_or_none(self.response), self.response.headers)


class Transport:
    """Sends requests with one token. Thread-safe."""

    def __init__(
        self, api_url: str, credentials: Credentials, patience: Patience, timeout: tuple[float, float]
    ) -> None:
        self._api_url = api_url.rstrip("/")
        self._credentials = credentials
        self._patience = patience
        self._timeout = timeout
        self._session = _session_for(api_url)
        self.gate = Gate()
        self.traffic = Traffic()
        self.headers = ServerHeaders()

    def send(self, request: Request) -> dict[str, Any]:
        """Returns the body of Asana's answer. Raises AsanaError for a refusal, UnreachableError without a usable answer,
        and UnknownOutcomeError without a usable answer to a request that is not repeatable."""
        attempt = Attempt(self._patience, request.repeatable)
        while True:
            result = self._try(request)
            answer = result.answer()
            ruling = verdict(answer, result.error, replace(attempt, seconds=time.monotonic() - result.started))
            attempt = attempt.after(ruling)
            if answer is not None and answer.status != TOO_MANY_REQUESTS:
                self.gate.answered(request.kind)
            match ruling.step:
                case Step.TAKE:
                    return self._taken(answer)
                case Step.RENEW:
                    if not self._credentials.renew(result.token):
                        raise self._refusal(request, result, answer)
                case Step.WAIT:
                    self.traffic.count_repeat()
                    self.gate.throttled(request.kind, result.started, ruling.pause)
                case Step.REPEAT:
                    self._rest(request, ruling.reason, ruling.pause)
                case Step.LOOK:
                    raise UnknownOutcomeError(ruling.reason, slow=ruling.slow)
                case Step.UNREACHABLE:
                    raise UnreachableError(ruling.reason, request.method, request.path)
                case Step.REFUSED:
                    raise self._refusal(request, result, answer)

    def _try(self, request: Request) -> _Result:
        with self.gate.slot(request.kind) as started:
            # Only now, because a token taken before a long wait at the gate may have expired.
            token = self._credentials.token()
            self.traffic.count_request(write=request.write)
            try:
                response = self._session.request(
                    request.method,
                    self._api_url + request.path,
                    params=request.params,
                    json=None if request.data is None else {"data": request.data},
                    headers={"Accept": "application/json"},
                    auth=BearerAuth(token),
                    timeout=self._timeout,
                    allow_redirects=False,
                )
            except requests.RequestException as error:
                return _Result(token, started, error=error)
            return _Result(token, started, response)

    def _taken(self, answer: Answer | None) -> dict[str, Any]:
        assert answer is not None, "only an answer is taken"
        self.headers.read(answer.headers)
        body: dict[str, Any] = answer.body
        return body

    def _refusal(self, request: Request, result: _Result, answer: Answer | None) -> AsanaError:
        assert answer is not None, "only an answer refuses"
        assert result.response is not None, "an answer comes out of a response"
        message = words_of(answer.status, answer.body, result.response.text)
        return AsanaError(answer.status, message, request.method, request.path)

    def _rest(self, request: Request, reason: str, pause: float) -> None:
        self.traffic.count_repeat()
        # Random, so that workers that met the same fault do not all return at once.
        pause *= random.uniform(0.75, 1.25)  # noqa: S311
        logger.info(f"{request}: {reason}; trying again in {pause:.1f} s.")
        time.sleep(pause)


def _session_for(url: str) -> requests.Session:
    """A session with the environment's proxy and CA bundle, looked up once instead of before every request. It ignores
    the environment's netrc, which would replace the Authorization header."""
    session = requests.Session()
    settings = session.merge_environment_settings(url, {}, None, None, None)
    session.proxies, session.verify, session.trust_env = settings["proxies"], settings["verify"], False
    adapter = HTTPAdapter(pool_connections=1, pool_maxsize=MOST_CONNECTIONS)
    session.mount("https://", adapter)
    session.mount("http://", adapter)
    return session


def _json_or_none(response: requests.Response) -> Any:
    try:
        return orjson.loads(response.content)
    except ValueError:
        return None
