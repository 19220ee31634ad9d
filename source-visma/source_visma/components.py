"""What manifest.yaml cannot say about reading Visma.net ERP.

One file without imports from the package, so that the manifest and this file also run in Airbyte's
source-declarative-manifest image and in the Connector Builder. From bottom to top:

* retrievers: which pages are requested, how many at once, and when a list moved while it was read;
* a cursor that keeps Visma's own stamps as they came;
* an extractor that takes nothing but a whole JSON list for a page;
* a requester that waits, retries and explains, with one gate and one access token for all streams.
"""

import logging
import re
import threading
import time
from array import array
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import InitVar, dataclass
from datetime import datetime, timedelta
from functools import lru_cache, partial
from itertools import count
from typing import Any, NoReturn, Optional
from urllib.parse import quote, urlsplit

import orjson
import requests
from airbyte_cdk.models import (
    AirbyteStreamStatus,
    AirbyteStreamStatusReason,
    AirbyteStreamStatusReasonType,
    FailureType,
    StreamDescriptor,
)
from airbyte_cdk.sources.declarative.auth.declarative_authenticator import DeclarativeAuthenticator
from airbyte_cdk.sources.declarative.extractors.record_extractor import RecordExtractor
from airbyte_cdk.sources.declarative.interpolation import InterpolatedString
from airbyte_cdk.sources.declarative.migrations.state_migration import StateMigration
from airbyte_cdk.sources.declarative.requesters.http_requester import HttpRequester
from airbyte_cdk.sources.declarative.requesters.request_options.interpolated_request_options_provider import (
    InterpolatedRequestOptionsProvider,
)
from airbyte_cdk.sources.declarative.retrievers.simple_retriever import SimpleRetriever
from airbyte_cdk.sources.message import MessageRepository
from airbyte_cdk.sources.streams.concurrent.cursor import ConcurrentCursor
from airbyte_cdk.sources.streams.concurrent.partitions.partition import Partition
from airbyte_cdk.sources.streams.http.error_handlers import ResponseAction
from airbyte_cdk.sources.types import Config, Record, StreamSlice
from airbyte_cdk.utils.airbyte_secrets_utils import add_to_secrets
from airbyte_cdk.utils.stream_status_utils import as_airbyte_message
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

LOGGER = logging.getLogger("airbyte")
NEVER = float("inf")
LOCALHOST = ("localhost", "127.0.0.1", "::1")


class UnreadableAnswer(requests.RequestException):
    """Status 200, but the body is not the whole JSON that was asked for: cut, empty, an HTML page of a gateway."""


TRANSIENT = (
    UnreadableAnswer,
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
    requests.exceptions.ContentDecodingError,
)


def give_up(kind: FailureType, message: str, cause: Exception | None = None) -> NoReturn:
    """Ends what is going on with a message for people."""
    raise AirbyteTracedException(
        message=message, internal_message=f"{message} [{cause!r}]" if cause else message, failure_type=kind
    ) from cause


def checked_url(name: str, url: str) -> str:
    """The URL, when a token may be sent there: https, or http to this very machine. Raises a config_error otherwise."""
    parts = urlsplit(url)
    if parts.hostname and (parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOCALHOST)):
        return url.rstrip("/")
    give_up(
        FailureType.config_error,
        f"{name} must begin with https:// (plain http is allowed for localhost only), but it is {url!r}.",
    )


def in_words(problem: requests.RequestException) -> str:
    """Why no usable answer came."""
    if isinstance(problem, UnreadableAnswer):
        return str(problem)
    if isinstance(problem, requests.exceptions.SSLError):
        return "the TLS certificate was not accepted"
    if isinstance(problem, requests.exceptions.ProxyError):
        return "the proxy did not let the request through"
    if isinstance(problem, requests.Timeout):
        return "no answer in time"
    return f"the connection failed or broke off ({type(problem).__name__})"


def said(response: requests.Response) -> str:
    """What the service itself said about a refusal: the ERP, its gateway and Visma Connect use different keys."""
    try:
        body = orjson.loads(response.content)
    except orjson.JSONDecodeError:
        body = re.sub(r"<[^>]*>|\s+", " ", response.text)
    if not isinstance(body, dict):
        return str(body).strip()[:200] or "nothing"
    words = [body.get(key) for key in ("error", "error_description", "ExceptionFaultCode", "ExceptionMessage")]
    words += [body.get("message") or body.get("Message")]
    return ": ".join(str(word) for word in words if word)[:500] or "nothing"


class Gate:
    """Lets the calls of all streams through: so many at once, none while Visma asks to wait, spaced when few are left.

    Rules: Visma.net API documentation, "Rate limits" (calls per hour, company and client; Retry-After in seconds).
    """

    def __init__(self, workers: int) -> None:
        self.pool = ThreadPoolExecutor(2 * workers, thread_name_prefix="visma-page")
        self.room_ahead = threading.Semaphore(2 * workers)  # pages that may wait in memory to be emitted
        self._slots = threading.Semaphore(workers)
        self._lock = threading.Lock()
        self._closed_until = self._next_call = self._window_ends = 0.0
        self._left, self._reserve = NEVER, 0.0

    @contextmanager
    def turn(self, deadline: float) -> Iterator[None]:
        """Waits for a free place and for the moment the call may go out. Raises transient_error when that is too late."""
        with self._slots:
            while (delay := self._book()) > 0:
                if time.monotonic() + delay > deadline:
                    give_up(
                        FailureType.transient_error,
                        f"Visma.net's rate limit is used up: the next call may go out in {delay:.0f} s. Try again then.",
                    )
                time.sleep(delay)
            yield

    def close(self, seconds: float) -> None:
        """Lets nothing through for some time."""
        with self._lock:
            self._closed_until = max(self._closed_until, time.monotonic() + seconds)

    def learn(self, headers: Mapping[str, str]) -> None:
        """Takes over what an answer says about the calls that are left in the present window."""
        try:
            limit, left, reset = (int(headers[f"X-RateLimit-{name}"]) for name in ("Limit", "Remaining", "Reset"))
        except (KeyError, ValueError):
            return
        if reset > 86400:  # older gateways gave a point in time, which only their own clock can tell
            return
        with self._lock:
            ends = time.monotonic() + reset
            self._left = left if ends > self._window_ends + 2 else min(self._left, left)
            self._window_ends, self._reserve = ends, limit / 10

    def _book(self) -> float:
        """Seconds to wait, or 0 when a call may go out now; it is counted then."""
        with self._lock:
            now = time.monotonic()
            if now < self._closed_until:
                return self._closed_until - now
            if now >= self._window_ends:
                self._left = NEVER
            if now < self._next_call and self._left < NEVER:
                return self._next_call - now
            if self._left < 1:
                LOGGER.info(
                    f"Visma.net's call budget is used up; waiting {self._window_ends - now:.0f} s for the next."
                )
                self._next_call = self._window_ends
                return self._window_ends - now
            self._left -= 1
            if self._left < self._reserve:
                pause = (self._window_ends - now) / (self._left + 1)
                if self._next_call <= now - 2 * pause:
                    LOGGER.info(
                        f"{self._left:.0f} calls are left in Visma.net's budget; one goes out every {pause:.1f} s."
                    )
                self._next_call = now + pause
            return 0.0


class AccessToken:
    """An access token of Visma Connect, renewed before it dies, by one thread for all.

    Rules: Visma Connect documentation, service applications (client credentials with a tenant).
    """

    REFUSALS = {
        "invalid_client": "Visma Connect does not know this client ID and client secret. Copy both again from the "
        "application's credentials in the Visma Developer Portal; an old secret may have expired.",
        "invalid_tenant": "The application is not granted for this tenant, or the tenant ID is wrong. An administrator "
        "of the company grants it in the Visma App Store, which also shows the tenant ID.",
        "invalid_scope": "The application lacks the scope vismanet_erp_service_api:read. Add the integration "
        '"Visma.net ERP Service API" with read access to it in the Visma Developer Portal.',
    }
    REFUSALS["unauthorized_client"] = REFUSALS["access_denied"] = REFUSALS["invalid_tenant"]

    def __init__(self, url: str, form: Mapping[str, str]) -> None:
        self._url, self._form = url, dict(form)
        self._lock = threading.Lock()
        self._value = ""
        self._renew_at = self._dies_at = 0.0

    def value(self, rejected: str = "", deadline: float = NEVER) -> str:
        """A live token; another one than ``rejected``. Raises config_error or transient_error in plain words."""
        with self._lock:
            if self._value in ("", rejected) or time.monotonic() >= self._renew_at:
                try:
                    self._renew(deadline)
                except AirbyteTracedException as error:
                    if error.failure_type is FailureType.config_error or self._value in ("", rejected):
                        raise
                    if time.monotonic() >= self._dies_at:
                        raise
                    self._renew_at = min(time.monotonic() + 30, self._dies_at)
            return self._value

    def _renew(self, deadline: float) -> None:
        for attempt in count(1):
            pause, reason = 2.0**attempt, ""
            try:
                answer = requests.post(
                    checked_url("token_url", self._url),
                    data=self._form,
                    headers={"Accept": "application/json"},
                    timeout=(min(10, timeout_until(deadline)), min(60, timeout_until(deadline))),
                )
                if answer.status_code == 200:
                    return self._take(answer)
                reason = f"answered {answer.status_code}: {said(answer)}"
                if answer.status_code == 429 and answer.headers.get("Retry-After", "").isdigit():
                    pause = float(answer.headers["Retry-After"])
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

    def _take(self, answer: requests.Response) -> None:
        try:
            body = orjson.loads(answer.content)
            value, lifetime = str(body["access_token"]), float(body.get("expires_in") or 3600)
        except (ValueError, KeyError, TypeError, AttributeError):
            raise UnreadableAnswer("the answer is not the JSON of an access token") from None
        add_to_secrets(value)
        self._value = value
        self._dies_at = time.monotonic() + lifetime
        self._renew_at = self._dies_at - min(300, lifetime / 5)

    def _refused(self, answer: requests.Response) -> NoReturn:
        words = said(answer)
        explanation = self.REFUSALS.get(
            words.split(":")[0],
            "Visma Connect refuses the credentials. Check client ID, client secret, tenant ID and token_url.",
        )
        give_up(FailureType.config_error, f"{explanation} (Visma Connect said: {answer.status_code} {words})")


def timeout_until(deadline: float) -> float:
    """Seconds that are left for one step, never none."""
    return max(0.5, deadline - time.monotonic())


# Streams are built independently of each other, each with its own components; what the API counts per client and
# company has to be one object for all of them.
@lru_cache(maxsize=None)
def shared_gate(api_url: str, client_id: str, company_id: str, workers: int) -> Gate:
    """The one gate for this client and company."""
    return Gate(workers)


@lru_cache(maxsize=None)
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
    parameters: InitVar[Optional[Mapping[str, Any]]] = None

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


@dataclass
class VismaRequester(HttpRequester):
    """Sends a request until it is answered: through the gate, with a live token, by the manifest's error table.

    ``parse`` turns the response into what the caller wants, left in ``response.parsed``; when it raises
    UnreadableAnswer, the request is repeated like any that got no answer.
    """

    request_headers: Optional[Mapping[str, str]] = None
    request_parameters: Optional[Mapping[str, str]] = None

    def __post_init__(self, parameters: Mapping[str, Any]) -> None:
        options = {"request_headers": self.request_headers, "request_parameters": self.request_parameters}
        self.request_options_provider = InterpolatedRequestOptionsProvider(config=self.config, parameters={}, **options)
        super().__post_init__(parameters or {})
        self.parse: Callable[[requests.Response], Any] = lambda response: response
        self.stream = ""
        self.messages: MessageRepository | None = None
        self._company = str(self.config["company_id"])
        self._patience = self.config.get("patience_seconds")
        self._session = requests.Session()
        workers = int(self.config.get("num_workers") or 4)
        adapter = requests.adapters.HTTPAdapter(pool_connections=2, pool_maxsize=workers)
        self._session.mount("https://", adapter)
        self._session.mount("http://", adapter)
        self.gate = shared_gate(self.get_url_base(), self.config["client_id"], self._company, workers)

    def send_request(  # type: ignore[override]
        self,
        stream_slice: StreamSlice | None = None,
        next_page_token: Mapping[str, Any] | None = None,
        path: str | None = None,
        request_headers: Mapping[str, Any] | None = None,
        request_params: Mapping[str, Any] | None = None,
        **_: Any,
    ) -> requests.Response:
        """The answer, parsed. Raises config_error or transient_error that says what to do."""
        checked_url("api_url", self.get_url_base())
        context: dict[str, Any] = {"stream_slice": stream_slice, "next_page_token": next_page_token}
        params = {**self.get_request_params(**context), **(request_params or {})}
        call = partial(
            self._answer,
            self._get_url(path=path, **context),
            {**self.get_request_headers(**context), **(request_headers or {})},
            {name: value for name, value in params.items() if value not in (None, "")},
        )
        return within(self._patience, call) if self._patience else call(NEVER)

    def _answer(self, url: str, headers: dict[str, str], params: dict[str, Any], deadline: float) -> requests.Response:
        token = rejected = ""
        attempts = 0
        while True:
            token = self._authenticator.access_token.value(rejected, deadline)  # type: ignore[attr-defined]
            problem: requests.Response | requests.RequestException
            try:
                with self.gate.turn(deadline):
                    problem = response = self._session.get(
                        url,
                        params=params,
                        headers={**headers, "Authorization": f"Bearer {token}", "ipp-company-id": self._company},
                        timeout=(min(15, timeout_until(deadline)), min(300, timeout_until(deadline))),
                    )
                self.gate.learn(response.headers)
                if response.status_code == 200:
                    response.parsed = self.parse(response)  # type: ignore[attr-defined]
                    return response
            except requests.RequestException as error:
                problem = error
            action, message, kind = self._ruling(problem)
            if action is ResponseAction.REFRESH_TOKEN_THEN_RETRY and not rejected:
                rejected = token
                continue
            if action in (ResponseAction.FAIL, ResponseAction.REFRESH_TOKEN_THEN_RETRY):
                give_up(kind, message)
            attempts += action is not ResponseAction.RATE_LIMITED
            assert self.error_handler is not None
            pause = self.error_handler.backoff_time(problem, attempts) or 2.0**attempts  # type: ignore[attr-defined]
            if attempts > (self.error_handler.max_retries or 0) or time.monotonic() + pause > deadline:
                give_up(FailureType.transient_error, message)
            self._wait(pause, message, for_all=action is ResponseAction.RATE_LIMITED)

    def _ruling(
        self, problem: requests.Response | requests.RequestException
    ) -> tuple[ResponseAction, str, FailureType]:
        """What the error table says: what to do, what to tell people, whose fault it is."""
        if isinstance(problem, requests.RequestException):
            if not isinstance(problem, TRANSIENT):
                return ResponseAction.FAIL, f"{self.stream}: {problem}. Check api_url.", FailureType.config_error
            advice = "Check that this machine reaches Visma.net (firewall, proxy, api_url), and try again."
            return ResponseAction.RETRY, f"{self.stream}: {in_words(problem)}. {advice}", FailureType.transient_error
        assert self.error_handler is not None
        ruling = self.error_handler.interpret_response(problem)
        action = (
            ruling.response_action if ruling.response_action is not ResponseAction.SUCCESS else ResponseAction.RETRY
        )
        message = f"{self.stream}: {ruling.error_message} (Visma.net said: {problem.status_code} {said(problem)})"
        kind = FailureType.config_error if 400 <= problem.status_code < 500 else FailureType.transient_error
        return action or ResponseAction.RETRY, message, kind

    def _wait(self, pause: float, message: str, *, for_all: bool) -> None:
        if not for_all:
            LOGGER.info(f"{message} Trying again in {pause:.0f} s.")
            time.sleep(pause)
            return
        LOGGER.info(f"{message} No call goes out for {pause:.0f} s.")
        self.gate.close(pause)
        if self.messages:
            reason = AirbyteStreamStatusReason(type=AirbyteStreamStatusReasonType.RATE_LIMITED)
            stream = StreamDescriptor(name=self.stream)
            self.messages.emit_message(as_airbyte_message(stream, AirbyteStreamStatus.RUNNING, [reason]))


def within(seconds: float, call: Callable[[float], requests.Response]) -> requests.Response:
    """What the call brings, or a transient_error in time, whatever hangs: a name look-up, a connection, a slow body."""
    outcome: Future[requests.Response] = Future()
    deadline = time.monotonic() + seconds

    def run() -> None:
        try:
            outcome.set_result(call(deadline))
        except Exception as error:
            outcome.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    try:
        return outcome.result(seconds + 1)
    except TimeoutError:
        give_up(
            FailureType.transient_error,
            f"Visma.net did not answer within {seconds:.0f} s. Check that this machine reaches it, and try again.",
        )


class Page(list[dict[str, Any]]):
    """The records of one answer, and the ``totalCount`` its metadata gave for the whole list."""

    total: int | None = None


@dataclass
class ListExtractor(RecordExtractor):
    """The records of an answer, with ``company_id`` and without paging metadata and ``errorInfo``.

    In one pass over what orjson parsed: the stock transformations for the same cost ten times the rest of a read.
    Raises UnreadableAnswer for a body that is not one whole JSON list of objects.
    """

    config: Config
    parameters: InitVar[Optional[Mapping[str, Any]]] = None

    def __post_init__(self, parameters: Mapping[str, Any] | None) -> None:
        self._company = str(self.config["company_id"])

    def extract_records(self, response: requests.Response) -> Page:  # type: ignore[override]
        """The page in this answer."""
        page = Page(self.rows(json_of(response, list)))
        if not all(type(record) is dict for record in page):
            raise UnreadableAnswer("the answer is a JSON list, but not of records")
        page.total = next((m["totalCount"] for r in page if (m := r.get("metadata")) and "totalCount" in m), None)
        noise = response.content.count(b'"metadata"') + response.content.count(b'"errorInfo"')
        for record in page:
            noise -= (record.pop("metadata", self) is not self) + (record.pop("errorInfo", self) is not self)
            record["company_id"] = self._company
        if noise > 0:
            without_noise(page)
        return page

    def rows(self, body: list[Any]) -> list[Any]:
        """The rows of the parsed body."""
        return body


def json_of(response: requests.Response, kind: type) -> Any:
    """The parsed body. Raises UnreadableAnswer when it is not whole, or not of that kind."""
    try:
        body = orjson.loads(response.content)
    except orjson.JSONDecodeError:
        body = None
    if not isinstance(body, kind):
        size, content_type = len(response.content), response.headers.get("Content-Type", "no content type")
        raise UnreadableAnswer(
            f"Visma.net's answer is not the whole JSON {kind.__name__} ({size} bytes, {content_type})"
        )
    return body


def without_noise(value: Any) -> None:
    """Takes metadata and errorInfo out of everything nested in the value."""
    if type(value) is list:
        for item in value:
            if type(item) is dict or type(item) is list:
                without_noise(item)
        return
    value.pop("metadata", None)
    value.pop("errorInfo", None)
    for item in value.values():
        if type(item) is dict or type(item) is list:
            without_noise(item)


class Stamp:
    """Visma's date and time without a zone, compared as text: trimmed ISO stamps sort like the moments they name."""

    PATTERN = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,7}))?)?(?:Z|[+-]\d\d:?\d\d)?")
    USUAL = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,7})?")

    @classmethod
    def plain(cls, text: Any) -> str:
        """The stamp as Visma gives it: with a T, without a zone. Raises ValueError for what is no stamp."""
        match = cls.PATTERN.fullmatch(text) if isinstance(text, str) else None
        if match is None:
            raise ValueError(text)
        day, clock, fraction = match.groups()
        plain = f"{day}T{clock or '00:00:00'}" + (f".{fraction}" if fraction else "")
        datetime.fromisoformat(plain[:19])
        return plain

    @classmethod
    def back(cls, plain: str, by: timedelta) -> str:
        """An earlier moment in the most exact form the API's filters take (milliseconds), rounded down."""
        try:
            moment = datetime.fromisoformat(plain[:23].ljust(23, "0") if "." in plain else plain) - by
        except OverflowError:
            return plain
        return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}"


@dataclass
class StampState(StateMigration):
    """Takes the stamp out of a state from any release, so that the stock cursor has nothing to misread in it."""

    config: Config
    parameters: InitVar[Optional[Mapping[str, Any]]] = None

    def should_migrate(self, stream_state: Mapping[str, Any]) -> bool:
        """Whether the state says anything."""
        return any(isinstance(value, str) for value in stream_state.values())

    def migrate(self, stream_state: Mapping[str, Any]) -> Mapping[str, Any]:
        """The same, under the keys StampCursor reads. Raises a config_error for a stamp nobody can read."""
        field, text = next((key, value) for key, value in stream_state.items() if isinstance(value, str))
        try:
            return {"returned": Stamp.plain(text), "progress": stream_state.get("progress")}
        except ValueError:
            give_up(
                FailureType.config_error,
                f"The saved state {field} = {text!r} is not a date and time. Reset the stream's state to read it anew.",
            )


class StampCursor(ConcurrentCursor):
    """The largest stamp Visma returned, as it returned it, and where to begin from it.

    The stock cursor re-formats stamps, takes the day's time from this machine for the end of a slice, and passes over
    stamps it can't read. Low-code manifests have no hook for another one, so a retriever turns the stock one into this.
    """

    @classmethod
    def adopt(cls, cursor: ConcurrentCursor, first: str | None) -> None:
        """Makes a stock cursor one of these; ``first`` is the earliest stamp to ask for."""
        cursor.__class__ = cls
        assert isinstance(cursor, cls)
        saved = cursor._connector_state_manager.get_stream_state(cursor._stream_name, cursor._stream_namespace)
        cursor.first = first
        cursor.reached = cursor.seen = saved.get("returned") or ""
        cursor.held = False

    first: str | None
    reached: str
    seen: str
    held: bool

    @property
    def state(self) -> dict[str, Any]:  # type: ignore[override]
        """What is saved."""
        return {self.cursor_field.cursor_field_key: self.reached} if self.reached else {}

    def stream_slices(self) -> Iterator[StreamSlice]:
        """One slice: everything since the state less the lookback, and not before ``first``."""
        since = Stamp.back(self.reached, self.lookback) if self.reached else None
        yield since_slice(max(filter(None, (since, self.first)), default=None))

    @property
    def lookback(self) -> timedelta:
        """How far an incremental read reaches back."""
        return self._lookback_window or timedelta(0)

    def note(self, records: list[dict[str, Any]]) -> None:
        """Remembers the largest stamp of these records. Raises transient_error for one that can't be read."""
        field = self.cursor_field.cursor_field_key
        for record in records:
            text = record.get(field)
            if text is None:
                continue
            if type(text) is not str or not Stamp.USUAL.fullmatch(text):
                try:
                    text = Stamp.plain(text)
                except ValueError:
                    give_up(
                        FailureType.system_error,
                        f"{self._stream_name}: Visma.net sent {field} = {text!r}, which is not a date and time. "
                        "The stream stops, since later changes could be missed. Please report this.",
                    )
            if text > self.seen:
                self.seen = text

    def observe(self, record: Record) -> None:
        """Nothing: whole pages are noted."""

    def close_partition(self, partition: Partition) -> None:
        """Saves what was seen, when the slice was read whole."""
        if not self.held:
            self.reached = self.seen
        self._emit_state_message()


def since_slice(since: str | None) -> StreamSlice:
    """A slice for records modified at this stamp or later."""
    return StreamSlice(partition={}, cursor_slice={"start_time": since} if since else {})


class Tally:
    """What one pass over a list counted, and whether the list moved under it."""

    def __init__(self) -> None:
        self.total: int | None = None
        self.counted = 0
        self.several_pages = False
        self.moved = ""
        self._last: list[Any] = []

    def add(self, page: Page, units: list[Any]) -> None:
        """Counts a page, whose units the API counts in ``totalCount``."""
        if page.total is not None:
            if self.total not in (None, page.total):
                self.moved = f"the number of rows went from {self.total} to {page.total}"
            self.total = page.total
        if not set(units).isdisjoint(self._last):
            self.moved = "a row moved from one page to the next"
        self.counted += len(units)
        self._last = units

    def repeats(self, units: list[Any]) -> bool:
        """Whether this is the page before once more: then the list has no pages."""
        return units == self._last

    def close(self) -> None:
        """Compares what came with what was announced."""
        if self.total is not None and self.counted != self.total:
            self.moved = self.moved or f"{self.counted} rows came where {self.total} were announced"


@dataclass
class PagesRetriever(SimpleRetriever):
    """Reads all pages of a list, several at once, in order, and again when the list moved meanwhile.

    Paging by number over rows that come and go can skip a row. A list has moved when ``totalCount`` changed between
    its pages, when neighbouring pages share a row, or when fewer rows came than were announced. Three passes that all
    moved leave the state where it was; a pass that counted just what the one before it counted is taken as it is.
    """

    request_options_provider: Optional[Any] = None  # the factory passes it under this name
    cursor: Optional[Any] = None

    PASSES = 3

    def __post_init__(self, parameters: Mapping[str, Any]) -> None:
        super().__post_init__(parameters or {})
        self.request_option_provider = self.request_options_provider or self.request_option_provider
        self.requester.stream = self.name
        self.requester.parse = self.record_selector.extractor.extract_records
        self._key_fields = [key for key in self.primary_key or [] if key != "company_id"]
        if isinstance(self.cursor, ConcurrentCursor):
            start = self.config.get("start_date")
            StampCursor.adopt(self.cursor, Stamp.plain(start) if start else None)
            self.requester.messages = self.cursor._message_repository

    def read_records(  # type: ignore[override]
        self, records_schema: Mapping[str, Any], stream_slice: StreamSlice | None = None
    ) -> Iterator[Record]:
        """The slice's records, as Visma sends them; the schema is not needed."""
        wanted = stream_slice or since_slice(None)
        emitted: array[int] = array("q")
        before = (-1, -1)
        for number in range(1, self.PASSES + 1):
            tally, started = Tally(), time.monotonic()
            known = frozenset(emitted)
            for batch in self.whole(self._pages(wanted, tally), wanted):
                if isinstance(self.cursor, StampCursor):
                    self.cursor.note(batch)
                for data in batch:
                    if tally.several_pages:
                        mark = self.mark(data)
                        if mark in known:
                            continue
                        emitted.append(mark)
                    yield Record(data, self.name, wanted)
            counts = (tally.total or 0, tally.counted)
            if tally.moved and counts != before:
                before = counts
                LOGGER.info(f"{self.name}: {tally.moved} while the list was read (pass {number} of {self.PASSES}).")
                continue
            took = timedelta(seconds=time.monotonic() - started)
            if tally.several_pages and isinstance(self.cursor, StampCursor) and took > self.cursor.lookback:
                # Behind the reader's back a row may have changed longer ago than the next sync will look back.
                wanted = since_slice(Stamp.back(self.cursor.seen, took + self.cursor.lookback))
                continue
            return
        if tally.moved and isinstance(self.cursor, StampCursor):
            self.cursor.held = True
            LOGGER.warning(
                f"{self.name}: the list moved in each of {self.PASSES} passes. All rows that came are passed on; the "
                "state stays where it was, so that the next sync reads them again and misses none."
            )

    def whole(self, pages: Iterator[Page], wanted: StreamSlice) -> Iterator[list[dict[str, Any]]]:
        """Whole records from pages."""
        return pages

    def units(self, page: Page) -> list[Any]:
        """What the API counts on this page, each by its identity."""
        return [tuple(map(record.get, self._key_fields)) for record in page]

    def mark(self, data: dict[str, Any]) -> int:
        """A number for this version of the record."""
        return hash((*map(data.get, self._key_fields), data.get("lastModifiedDateTime")))

    def _pages(self, wanted: StreamSlice, tally: Tally) -> Iterator[Page]:
        def fetch(number: int) -> Page:
            response = self._fetch_next_page(wanted, {"next_page_token": number} if paged else None)
            return response.parsed  # type: ignore[union-attr]

        paged = self._get_initial_next_page_token() is not None
        page = fetch(1)
        size = len(units := self.units(page))
        tally.several_pages = paged and bool(size) and (page.total is None or page.total > size)
        tally.add(page, units)
        yield page
        ahead: deque[Future[Page]] = deque()
        gate: Gate = self.requester.gate
        number = 2
        try:
            while tally.several_pages:
                last = 0 if tally.total is None else -(-tally.total // size)
                while number <= last and gate.room_ahead.acquire(blocking=False):
                    ahead.append(gate.pool.submit(fetch, number))
                    number += 1
                if ahead:
                    page = ahead[0].result()
                    ahead.popleft()
                    gate.room_ahead.release()
                elif number <= last or tally.total is None or tally.counted < tally.total:
                    page = fetch(number)
                    number += 1
                else:
                    break
                units = self.units(page)
                if number > last and (not units or (tally.total is None and tally.repeats(units))):
                    break
                tally.add(page, units)
                yield page
        finally:
            for future in ahead:
                future.cancel()
                gate.room_ahead.release()
        if tally.several_pages:
            tally.close()
