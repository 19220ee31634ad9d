"""Transport to the Asana REST API: limits, retries, pages, lost answers. It knows no invoices."""

from __future__ import annotations

import contextlib
import datetime
import logging
import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import Any, Protocol

import orjson
import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import ConnectTimeoutError, MaxRetryError, NewConnectionError, ProxyError

from destination_asana.asana.errors import RETRY_STATUSES, AsanaError, UnreachableError, words_of
from destination_asana.asana.gate import Gate
from destination_asana.asana.pauses import hint_in, pause_after

logger = logging.getLogger("airbyte")

PAGE_SIZE = 100
# A late answer to a create is still an answer: waiting long is what keeps a slow create from being repeated.
SYNC_TIMEOUT = (10.0, 120.0)
CHECK_TIMEOUT = (5.0, 10.0)
# How long after a lost answer the listing is asked whether the create happened. A server that was slow (no answer in
# time, 504) may apply it late.
LOOK_AGAIN_AFTER = (0.5, 2.0, 4.0)
LOOK_AGAIN_AFTER_SLOWNESS = (1.0, 5.0, 15.0)
# A gateway that gave up after so many seconds leaves a server at work behind it, whatever it answers then.
SLOW_AFTER = 5.0

# Pauses, in all, that a single request takes for rate limits before the sync ends over it.
LONGEST_WAIT = 3600.0


class Credentials(Protocol):
    """What the client needs of auth.PersonalAccessToken or auth.OAuthToken."""

    def token(self) -> str:
        """A token that lives."""

    def renew(self, refused: str) -> bool:
        """Replaces the token that was refused (401); False when there is no other one."""


class UnknownOutcomeError(Exception):
    """A request that changes something got no usable answer: it may or may not have been applied, or be applied yet."""

    def __init__(self, reason: str, *, slow: bool = False) -> None:
        super().__init__(reason)
        self.slow = slow


@dataclass
class Traffic:
    """Counts of one sync, for the run summary."""

    reads: int = 0
    writes: int = 0
    repeats: int = 0
    lost_answers: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, name: str) -> None:
        with self.lock:
            setattr(self, name, getattr(self, name) + 1)


class Client:
    """Talks to Asana with one token.

    Paths are relative to `api_url` (`/tasks`). Data and answers are the content of Asana's `data` envelope.
    Raises AsanaError for an answer that is an error, UnreachableError when there is none, both after sensible repeats.
    """

    def __init__(
        self,
        api_url: str,
        credentials: Credentials,
        *,
        attempts: int = 8,
        throttles: int = 1000,
        longest_pause: float = float("inf"),
        timeout: tuple[float, float] = SYNC_TIMEOUT,
    ) -> None:
        self._api_url = api_url.rstrip("/")
        self._credentials = credentials
        self._attempts = attempts
        self._throttles = throttles
        self._longest_pause = longest_pause
        self._timeout = timeout
        self.gate = Gate()
        self.traffic = Traffic()
        self._server_clock_offset = 0.0
        self._read_clock_at = 0.0
        self._announced_changes: set[str] = set()
        self._own_gid: str | None = None
        self._own_lock = threading.Lock()
        self._session = _session_for(api_url)
        adapter = HTTPAdapter(pool_connections=1, pool_maxsize=66)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)

    def server_time(self) -> datetime.datetime:
        """Now (UTC) by Asana's clock, as its last answer told it."""
        return datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=self._server_clock_offset)

    def earliest_time(self) -> datetime.datetime:
        """Now (UTC) by the slower of this machine's and Asana's clock: since when to look for a create whose answer was
        lost. The `Date` of an answer may come from a proxy with a clock of its own; to look too far back costs a page."""
        return min(self.server_time(), datetime.datetime.now(datetime.UTC))

    # --- reading ---------------------------------------------------------------------------------------------------

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Any:
        """One object."""
        return self._send("GET", path, params=params)["data"]

    def pages(self, path: str, params: Mapping[str, Any] | None = None) -> Iterator[list[dict[str, Any]]]:
        """All objects of a list, a page at a time.

        An offset can expire in the middle (400); the list is then read from its start again, so that the same object
        may come twice: the caller keeps them by gid. Source: Asana developer docs, "Pagination".
        """
        restarts = 0
        offset: str | None = None
        while True:
            query = {**(params or {}), "limit": PAGE_SIZE, **({"offset": offset} if offset else {})}
            try:
                answer = self._send("GET", path, params=query)
            except AsanaError as error:
                if offset and error.status == 400 and _is_offset_error(error.said) and restarts < 3:
                    restarts += 1
                    offset = None
                    continue
                raise
            yield answer["data"]
            offset = (answer.get("next_page") or {}).get("offset")
            if not offset:
                return

    def list(self, path: str, params: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """All objects of a list that is known to be short, each once."""
        found: dict[str, dict[str, Any]] = {}
        for page in self.pages(path, params):
            found.update((item["gid"], item) for item in page)
        return list(found.values())

    def own_gid(self) -> str:
        """The gid of the token's user, asked once."""
        with self._own_lock:
            if self._own_gid is None:
                self._own_gid = str(self.get("/users/me", {"opt_fields": "name"})["gid"])
            return self._own_gid

    # --- writing ---------------------------------------------------------------------------------------------------

    def put(self, path: str, data: Mapping[str, Any], params: Mapping[str, Any] | None = None) -> Any:
        """A partial update; safe to repeat, so a lost answer is simply asked for again."""
        return self._send("PUT", path, data=data, params=params)["data"]

    def act(self, path: str, data: Mapping[str, Any]) -> Any:
        """A POST that may be repeated without harm (addTask, setParent, addItem …)."""
        return self._send("POST", path, data=data)["data"]

    def create(
        self,
        path: str,
        data: Mapping[str, Any],
        find: Callable[[], dict[str, Any] | None],
        params: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """A POST that must not happen twice.

        Asana has no idempotency key. When an answer is lost, `find` asks Asana whether the object is there (through a
        listing, which reads its own writes); only when it is not, time and again, the create is repeated.
        """
        for attempt in range(1, self._attempts + 1):
            try:
                return self._send("POST", path, data=data, params=params, repeatable=False)["data"]
            except UnknownOutcomeError as unknown:
                self.traffic.count("lost_answers")
                logger.info(f"No answer to POST {path} ({unknown}); asking Asana whether it was applied.")
                for pause in LOOK_AGAIN_AFTER_SLOWNESS if unknown.slow else LOOK_AGAIN_AFTER:
                    time.sleep(pause)
                    found = find()
                    if found is not None:
                        return found
                if attempt == self._attempts:
                    raise UnreachableError(str(unknown), "POST", path) from None
        raise AssertionError("unreachable")

    # --- transport -------------------------------------------------------------------------------------------------

    def _send(
        self,
        method: str,
        path: str,
        *,
        params: Mapping[str, Any] | None = None,
        data: Mapping[str, Any] | None = None,
        repeatable: bool = True,
    ) -> dict[str, Any]:
        write = method != "GET"
        renewed = False
        attempt = 1
        throttled, waited = 0, 0.0
        while True:
            last = attempt >= self._attempts
            try:
                with self.gate.slot(write) as started:
                    # Only now: a token taken before a long wait at the gate may be dead behind it.
                    token = self._credentials.token()
                    self.traffic.count("writes" if write else "reads")
                    response = self._session.request(
                        method,
                        self._api_url + path,
                        params=params,
                        json=None if data is None else {"data": data},
                        headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
                        timeout=self._timeout,
                        allow_redirects=False,
                    )
            except requests.RequestException as error:
                reason = _plain_reason(error)
                if not (repeatable or _never_sent(error)):
                    slow = isinstance(error, requests.Timeout) or time.monotonic() - started > SLOW_AFTER
                    raise UnknownOutcomeError(reason, slow=slow) from None
                if last:
                    raise UnreachableError(reason, method, path) from None
                self._rest(attempt, f"{method} {path}: {reason}")
                attempt += 1
                continue
            status = response.status_code
            body = _json_or_none(response)
            if response.ok and isinstance(body, dict) and "data" in body:
                self.gate.succeeded(write)
                self._read_headers(response)
                return body
            if status == 401 and not renewed and self._credentials.renew(token):
                renewed = True
                continue
            if status == 429 and throttled < self._throttles:
                pause = pause_after(hint_in(response.headers), throttled + 1)
                if pause <= self._longest_pause and waited < LONGEST_WAIT:
                    throttled, waited = throttled + 1, waited + pause
                    self.traffic.count("repeats")
                    self.gate.throttled(write, started, pause)
                    continue
            unusable = response.ok or status in RETRY_STATUSES
            if unusable and status != 429 and not repeatable:
                reason = "an answer that is not whole" if response.ok else f"status {status}"
                raise UnknownOutcomeError(reason, slow=status == 504 or time.monotonic() - started > SLOW_AFTER)
            if unusable and status != 429 and not last:
                self._rest(attempt, f"{method} {path}: status {status}" + (", not whole" if response.ok else ""))
                attempt += 1
                continue
            if response.ok:
                raise UnreachableError("an answer that is not valid JSON", method, path)
            raise AsanaError(status, words_of(status, body, response.text), method, path)

    def _rest(self, attempt: int, what: str) -> None:
        self.traffic.count("repeats")
        pause = min(60.0, 0.5 * 2 ** (attempt - 1)) * random.uniform(0.75, 1.25)  # noqa: S311
        logger.info(f"{what}; trying again in {pause:.1f} s.")
        time.sleep(pause)

    def _read_headers(self, response: requests.Response) -> None:
        stamp = response.headers.get("Date")
        if stamp and time.monotonic() > self._read_clock_at:
            self._read_clock_at = time.monotonic() + 10
            with contextlib.suppress(ValueError, TypeError):
                self._server_clock_offset = parsedate_to_datetime(stamp).timestamp() - time.time()
        change = response.headers.get("Asana-Change")
        if change and "affected=true" in change and change not in self._announced_changes:
            self._announced_changes.add(change)
            logger.warning(f"Asana announces a change that affects this connector: {change}")


def _session_for(url: str) -> requests.Session:
    """A session with the environment's proxy and CA bundle, looked up once instead of before every request. The
    environment's netrc is left out: it would replace the Authorization header."""
    session = requests.Session()
    settings = session.merge_environment_settings(url, {}, None, None, None)
    session.proxies, session.verify, session.trust_env = settings["proxies"], settings["verify"], False
    return session


def _json_or_none(response: requests.Response) -> Any:
    try:
        return orjson.loads(response.content)
    except ValueError:
        return None


def _is_offset_error(said: str) -> bool:
    words = said.lower()
    return "pagination token" in words or ("offset" in words and "too large" not in words)


def _never_sent(error: requests.RequestException) -> bool:
    """True when the connection itself failed, so that the request cannot have been applied."""
    if isinstance(error, requests.ConnectTimeout):
        return True
    cause = error.args[0] if error.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    return isinstance(reason, (NewConnectionError, ConnectTimeoutError, ProxyError))


def _plain_reason(error: requests.RequestException) -> str:
    if isinstance(error, requests.Timeout):
        return "it did not answer in time"
    if isinstance(error, requests.exceptions.SSLError):
        return "its TLS certificate could not be verified"
    if _never_sent(error):
        return "no connection"
    return "the connection broke before the answer was whole"
