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
from base64 import urlsafe_b64encode
from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import InitVar, dataclass
from datetime import datetime, timedelta
from functools import cache, partial
from itertools import count, pairwise, product
from math import fsum
from typing import Any, NoReturn
from urllib.parse import quote_plus, urlsplit

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
from airbyte_cdk.utils.airbyte_secrets_utils import add_to_secrets, filter_secrets
from airbyte_cdk.utils.stream_status_utils import as_airbyte_message
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

LOGGER = logging.getLogger("airbyte")
NEVER = float("inf")
LOCALHOST = ("localhost", "127.0.0.1", "::1")
MOST_LIMITED = 15  # answers 429 to one request: hours, when each says how long to wait


class UnreadableAnswer(requests.RequestException):
    """Status 200, but the body is not the whole JSON that was asked for: cut, empty, an HTML page of a gateway."""


TRANSIENT = (
    UnreadableAnswer,
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
    requests.exceptions.ContentDecodingError,
)


class NotAccepted(AirbyteTracedException):
    """Visma.net answered 400: it can do nothing with what was asked for."""


def give_up(kind: FailureType, message: str, error: type[AirbyteTracedException] = AirbyteTracedException) -> NoReturn:
    """Ends what is going on with a message for people, without a secret in it."""
    message = filter_secrets(message)
    raise error(message=message, internal_message=message, failure_type=kind) from None


def checked_url(name: str, url: str) -> str:
    """The URL, when a token may be sent there: https, or http to this very machine. Raises a config_error otherwise."""
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
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
    if response.is_redirect:
        return f"moved to {response.headers['Location']}"
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
        self.pool = ThreadPoolExecutor(workers + 2, thread_name_prefix="visma-page")
        self.room_ahead = threading.Semaphore(workers + 2)  # pages on their way or in memory, ahead of the readers
        self._slots = threading.Semaphore(workers)
        self._lock = threading.Lock()
        self._closed_until = self._next_call = self._window_ends = self._told = 0.0
        self._left, self._reserve, self._in_flight = NEVER, 0.0, 0

    @contextmanager
    def turn(self, deadline: float) -> Iterator[None]:
        """Waits for a free place and until the call may go out. Raises transient_error when the deadline is earlier."""
        with self._slots:
            while (delay := self._book()) > 0:
                if time.monotonic() + delay > deadline:
                    give_up(
                        FailureType.transient_error,
                        f"Visma.net's rate limit is used up. The next call may go out in {delay:.0f} s.",
                    )
                time.sleep(delay)
            try:
                yield
            finally:
                with self._lock:
                    self._in_flight -= 1

    def close(self, seconds: float) -> None:
        """Lets nothing through for some time."""
        with self._lock:
            self._closed_until = max(self._closed_until, time.monotonic() + seconds)

    def learn(self, response: requests.Response) -> None:
        """Takes over what an answer says about waiting and about the calls that are left in the present window."""
        headers = response.headers
        if response.status_code == 429 and headers.get("Retry-After", "").isdigit():
            self.close(int(headers["Retry-After"]))
        try:
            limit, left, reset = (int(headers[f"X-RateLimit-{name}"]) for name in ("Limit", "Remaining", "Reset"))
        except (KeyError, ValueError):
            return
        if reset > 86400:  # older gateways gave a point in time, which only their own clock can tell
            return
        with self._lock:
            ends = time.monotonic() + reset
            left -= self._in_flight - 1  # some of these may be counted in it already; rather wait than be refused
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
            if self._left < self._reserve or self._left < 1:
                self._tell(now)
            if self._left < 1:
                return self._window_ends - now
            if now < self._next_call and self._left < NEVER:
                return self._next_call - now
            self._left -= 1
            self._in_flight += 1
            if self._left < self._reserve:
                self._next_call = now + (self._window_ends - now) / (self._left + 1)
            return 0.0

    def _tell(self, now: float) -> None:
        """Says once in a window why calls wait."""
        if self._window_ends > self._told + 2:
            self._told = self._window_ends
            LOGGER.info(
                f"Visma.net's call budget has {max(0, self._left):.0f} calls left for {self._window_ends - now:.0f} s. They "
                "are spread over that time; then the next budget begins."
            )


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

    def _take(self, answer: requests.Response, asked: float) -> None:
        try:
            body = orjson.loads(answer.content)
            value, lifetime = body["access_token"], float(body.get("expires_in") or 3600)
        except (ValueError, KeyError, TypeError, AttributeError):
            value = None
        if not isinstance(value, str) or not value:
            raise UnreadableAnswer("the answer is not the JSON of an access token")
        add_to_secrets(value)
        self._value = value
        self._dies_at = asked + lifetime  # it may have been issued well before its answer came
        self._renew_at = self._dies_at - min(300, lifetime / 5)

    def _refused(self, answer: requests.Response) -> NoReturn:
        words = said(answer)
        explanation = TOKEN_REFUSALS.get(
            words.split(":")[0],
            "Visma Connect refuses the credentials. Check client ID, client secret, tenant ID and token_url.",
        )
        give_up(FailureType.config_error, f"{explanation} (Visma Connect said: {answer.status_code} {words})")


def timeout_until(deadline: float) -> float:
    """Seconds that are left for one step, never none."""
    return max(0.5, deadline - time.monotonic())


# Streams are built independently of each other, each with its own components; what the API counts per client and
# company has to be one object for all of them.
@cache
def shared_gate(api_url: str, client_id: str, company_id: str, workers: int) -> Gate:
    """The one gate for this client and company."""
    return Gate(workers)


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


@dataclass
class VismaRequester(HttpRequester):
    """Sends a request until it is answered: through the gate, with a live token, by the manifest's error table.

    ``parse`` turns the response into what the caller wants; when it raises UnreadableAnswer, the request is repeated
    like any that got no answer.
    """

    request_headers: Mapping[str, str] | None = None
    request_parameters: Mapping[str, str] | None = None

    def __post_init__(self, parameters: Mapping[str, Any]) -> None:
        self.request_options_provider = InterpolatedRequestOptionsProvider(
            config=self.config,
            parameters={},
            request_headers=dict(self.request_headers or {}),
            request_parameters=dict(self.request_parameters or {}),
        )
        super().__post_init__(parameters or {})
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

    def send_request(self, **request: Any) -> requests.Response:  # type: ignore[override]
        """The answer as it came."""
        response: requests.Response = self.ask(lambda response: response, **request)
        return response

    def ask(
        self,
        parse: Callable[[requests.Response], Any],
        *,
        stream_slice: StreamSlice | None = None,
        next_page_token: Mapping[str, Any] | None = None,
        path: str | None = None,
        request_headers: Mapping[str, Any] | None = None,
        request_params: Mapping[str, Any] | None = None,
        **_: Any,
    ) -> Any:
        """The answer, parsed. Raises config_error or transient_error that says what to do."""
        checked_url("api_url", self.get_url_base())
        context: dict[str, Any] = {"stream_slice": stream_slice, "next_page_token": next_page_token}
        params = {**self.get_request_params(**context), **(request_params or {})}
        call = partial(
            self._answer,
            self._get_url(path=path, **context),
            {**self.get_request_headers(**context), **(request_headers or {})},
            {name: value for name, value in params.items() if value not in (None, "")},
            parse,
        )
        return within(self._patience, call) if self._patience else call(NEVER)

    def _answer(
        self,
        url: str,
        headers: dict[str, str],
        params: dict[str, Any],
        parse: Callable[[requests.Response], Any],
        deadline: float,
    ) -> Any:
        token = rejected = ""
        tries = attempts = 0
        while True:
            problem: requests.Response | requests.RequestException
            try:
                with self.gate.turn(deadline):
                    token = self._authenticator.access_token.value(rejected, deadline)  # type: ignore[attr-defined]
                    problem = response = self._session.get(
                        url,
                        params=params,
                        headers={**headers, "Authorization": f"Bearer {token}", "ipp-company-id": self._company},
                        auth=lambda request: request,  # or requests would put what ~/.netrc says in the token's place
                        timeout=(min(15, timeout_until(deadline)), min(300, timeout_until(deadline))),
                    )
                    self.gate.learn(response)
                if response.status_code == 200:
                    return parse(response)
            except requests.RequestException as error:
                problem = error
            action, message, kind = self._ruling(problem)
            if action is ResponseAction.REFRESH_TOKEN_THEN_RETRY and not rejected:
                rejected = token
                continue
            if action in (ResponseAction.FAIL, ResponseAction.REFRESH_TOKEN_THEN_RETRY):
                refused = isinstance(problem, requests.Response) and problem.status_code == 400
                give_up(kind, message, NotAccepted if refused else AirbyteTracedException)
            limited = action is ResponseAction.RATE_LIMITED
            tries, attempts = tries + 1, attempts + (not limited)
            assert self.error_handler is not None
            pause = self.error_handler.backoff_time(problem, tries) or 2.0**tries  # type: ignore[attr-defined]
            most = MOST_LIMITED if limited else self.error_handler.max_retries or 0
            if (tries if limited else attempts) > most or time.monotonic() + pause > deadline:
                give_up(FailureType.transient_error, message)
            self._wait(pause, message, for_all=limited)

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


def within(seconds: float, call: Callable[[float], Any]) -> Any:
    """What the call brings, or a transient_error in time, whatever hangs: a name look-up, a connection, a slow body."""
    outcome: Future[Any] = Future()
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
    """The records of an answer, with ``company_id`` and without ``metadata`` and ``errorInfo`` at any depth.

    In one pass over what orjson parsed: the stock transformations for the same cost ten times the rest of a read.
    """

    config: Config
    parameters: InitVar[Mapping[str, Any] | None] = None

    def __post_init__(self, parameters: Mapping[str, Any] | None) -> None:
        self._company = str(self.config["company_id"])

    def extract_records(self, response: requests.Response) -> Page:
        """The page in this answer. Raises UnreadableAnswer when it is not one whole JSON list of objects."""
        rows = json_of(response, list)
        if not all(type(row) is dict for row in rows):
            raise UnreadableAnswer("Visma.net's answer is a JSON list, but not of records")
        counts = ((row.get("metadata") or {}).get("totalCount") for row in rows)
        total = next((count for count in counts if count is not None), None)
        if total is not None and total < len(rows):
            total = None  # no count of the whole list
        noise = response.content.count(b'"metadata"') + response.content.count(b'"errorInfo"')
        return self.page(rows, total, noise)

    def page(self, rows: list[dict[str, Any]], total: int | None = None, noise: float = NEVER) -> Page:
        """A page of these rows; ``noise`` is how many keys in and below them may have to go, if that is known."""
        for row in rows:
            noise -= (row.pop("metadata", self) is not self) + (row.pop("errorInfo", self) is not self)
            row["company_id"] = self._company
        if noise > 0:
            without_noise(rows)
        page = Page(rows)
        page.total = total
        return page


def json_of(response: requests.Response, kind: type) -> Any:
    """The parsed body. Raises UnreadableAnswer when it is not whole, or not of that kind."""
    try:
        body = orjson.loads(response.content)
    except orjson.JSONDecodeError:
        body = None
    if not isinstance(body, kind):
        form = f"{len(response.content)} bytes, {response.headers.get('Content-Type', 'no content type')}"
        raise UnreadableAnswer(f"Visma.net's answer is not the whole JSON {kind.__name__} ({form})")
    return body


def names_of(response: requests.Response) -> list[str]:
    """The IDs in this answer. Raises UnreadableAnswer when it is not one whole JSON list of texts."""
    names: list[str] = json_of(response, list)
    if not all(type(name) is str for name in names):
        raise UnreadableAnswer("Visma.net's answer is a JSON list, but not of IDs")
    return names


def without_noise(value: Any) -> None:
    """Takes metadata and errorInfo out of everything nested in the value."""
    if type(value) is dict:
        value.pop("metadata", None)
        value.pop("errorInfo", None)
        value = value.values()
    for item in value:
        if type(item) is dict or type(item) is list:
            without_noise(item)


class Stamp:
    """Visma's date and time without a zone, kept as text: trimmed ISO stamps sort like the moments they name."""

    # What needs no closer look. Whether a month has a day after the 28th does.
    USUAL = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,7})?")
    ODD = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d:\d\d)(?:\.(\d{1,7}))?)?(?:Z|[+-]\d\d:?\d\d)?")

    @classmethod
    def plain(cls, text: Any) -> str:
        """The stamp as Visma gives it: with a T, without a zone. Raises ValueError for what is no stamp."""
        match = cls.ODD.fullmatch(text) if isinstance(text, str) else None
        if match is None:
            raise ValueError(f"{text!r} is not a date and time")
        day, clock, fraction = match.groups()
        plain = f"{day}T{clock or '00:00:00'}"
        datetime.fromisoformat(plain)
        return f"{plain}.{fraction}" if fraction else plain

    @classmethod
    def before(cls, plain: str, by: timedelta) -> str:
        """An earlier moment in the most exact form the API's filters take (milliseconds), rounded down."""
        try:
            return (datetime.fromisoformat(cls.even(plain)[:23]) - by).isoformat(timespec="milliseconds")
        except OverflowError:
            return plain

    @classmethod
    def reaches(cls, text: Any, since: str) -> bool:
        """Whether the stamp is not before the other. One that is missing or can't be read may be anything."""
        try:
            return cls.even(cls.plain(text)) >= cls.even(cls.plain(since))
        except ValueError:
            return True

    @classmethod
    def even(cls, plain: str) -> str:
        """The stamp with all seven decimals, so that equal moments are equal texts."""
        return f"{plain[:19]}.{plain[20:]:0<7}"


@dataclass
class StampState(StateMigration):
    """Keeps the state from the stock cursor, which can't read every stamp, and puts it where StampCursor finds it."""

    config: Config
    parameters: InitVar[Mapping[str, Any] | None] = None

    def should_migrate(self, stream_state: Mapping[str, Any]) -> bool:
        """Whether the state says anything."""
        return bool(stream_state) and "saved" not in stream_state

    def migrate(self, stream_state: Mapping[str, Any]) -> Mapping[str, Any]:
        """The state of any release, wrapped."""
        return {"saved": dict(stream_state)}


class StampCursor(ConcurrentCursor):
    """The largest stamp Visma returned, as it returned it, and where to begin from it.

    The stock cursor re-formats stamps, ends its slices at this machine's time and passes over stamps it can't read.
    Low-code manifests have no hook for another one, so a retriever turns the stock one into this.
    """

    first: str | None  # the earliest stamp to ask for
    reached: str  # what the state says
    seen: str  # the largest stamp so far
    held: bool  # the state must stay where it is
    progress: dict[str, Any]  # of an initial load in parts

    @classmethod
    def adopt(cls, cursor: ConcurrentCursor, start_date: str | None) -> "StampCursor":
        """Makes a stock cursor one of these. Raises a config_error for a start date that is none."""
        cursor.__class__ = cls
        assert isinstance(cursor, cls)
        manager, field = cursor._connector_state_manager, cursor.cursor_field.cursor_field_key
        saved = manager.get_stream_state(cursor._stream_name, cursor._stream_namespace).get("saved") or {}
        cursor.reached, cursor.seen = saved.get(field) or "", ""
        try:
            cursor.first = Stamp.plain(start_date) if start_date else None
        except ValueError:
            give_up(
                FailureType.config_error,
                f"The start date {start_date!r} is no date. Use YYYY-MM-DD or YYYY-MM-DDTHH:MM:SS.",
            )
        cursor.progress = saved.get("initial_load") or {}
        cursor.held = False
        return cursor

    @property
    def state(self) -> dict[str, Any]:
        """What is saved: a copy, since it is written out later, by another thread than the one that reads on."""
        if self.progress:
            return {"initial_load": deepcopy(self.progress)}
        return {self.cursor_field.cursor_field_key: self.reached} if self.reached else {}

    @property
    def lookback(self) -> timedelta:
        """How far an incremental read reaches back."""
        return self._lookback_window if isinstance(self._lookback_window, timedelta) else timedelta(0)

    def stream_slices(self) -> Iterator[StreamSlice]:
        """One slice: everything since the state less the lookback, and not before the start date.

        Raises a config_error, which fails this stream only, for a saved stamp nobody can read.
        """
        try:
            self.reached = self.seen = Stamp.plain(self.reached) if self.reached else ""
        except ValueError:
            give_up(
                FailureType.config_error,
                f"{self._stream_name}: the saved state {self.cursor_field.cursor_field_key} = {self.reached!r} is not a "
                "date and time. Clear the stream's state to read it anew.",
            )
        since = Stamp.before(self.reached, self.lookback) if self.reached else None
        yield slice_of(start_time=max(filter(None, (since, self.first)), default=None))

    def note(self, records: list[dict[str, Any]]) -> None:
        """Remembers the largest stamp of these records. Raises system_error for one that can't be read."""
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
                        f"{self._stream_name}: Visma.net sent {field} = {text!r}, which is not a date and time. The "
                        "stream stops, since changes could be missed otherwise. Please report this.",
                    )
            self.seen = max(self.seen, text)

    def observe(self, record: Record) -> None:
        """Nothing: whole pages are noted."""

    def close_partition(self, partition: Partition) -> None:
        """Saves what was seen, when the slice was read whole."""
        if not self.held:
            self.reached = self.seen
        self.save()

    def save(self) -> None:
        """Emits the state. Rows that were read before it are out before it."""
        self._emit_state_message()


def slice_of(**parts: str | None) -> StreamSlice:
    """What to ask for: ``start_time`` for what was modified since then, or whatever the manifest's request names."""
    return StreamSlice(partition={}, cursor_slice={name: value for name, value in parts.items() if value})


class Tally:
    """What one pass over a list counted, and whether the list moved under it."""

    def __init__(self) -> None:
        self.total: int | None = None
        self.counted = 0
        self.several_pages = False
        self.moved = ""
        self._twice: frozenset[int] = frozenset()
        self._units = array("q")  # their hashes
        self._last: list[Any] = []

    def add(self, page: Page, units: list[Any]) -> None:
        """Counts a page by its units, of which ``totalCount`` says how many there are."""
        if page.total is not None:
            if self.total not in (None, page.total):
                self.moved = f"the number of rows went from {self.total} to {page.total}"
            self.total = page.total
        self.counted += len(units)
        self._units.extend(map(hash, units))
        self._last = units

    @property
    def outcome(self) -> tuple[Any, ...]:
        """What two passes have in common when the list only looks as if it moved."""
        return self.total, self.counted, self._twice

    def repeats(self, units: list[Any]) -> bool:
        """Whether this is the page before once more: then the list has no pages."""
        return bool(units) and units == self._last

    def close(self) -> None:
        """Compares what came with what was announced, and with itself."""
        ordered = sorted(self._units)
        self._twice = frozenset(one for one, other in pairwise(ordered) if one == other)
        if self._twice:
            self.moved = self.moved or "a row moved from one page to another"
        if self.total is not None and self.counted != self.total:
            self.moved = self.moved or f"{self.counted} rows came where {self.total} were announced"


@dataclass
class PagesRetriever(SimpleRetriever):
    """Reads all pages of a list, several at once, in order, and again when the list moved meanwhile.

    Paging by number over rows that come and go can skip a row. A list has moved when ``totalCount`` changed between
    its pages, when a row is on two of them, or when fewer rows came than were announced. Three passes that all
    moved leave the state where it was; a pass that counted just what the one before it counted is taken as it is.
    """

    requester: VismaRequester
    request_options_provider: Any | None = None  # the factory passes it under this name
    cursor: Any | None = None

    PASSES = 3

    remembers = False  # whether what went out matters beyond one list of several pages

    def __post_init__(self, parameters: Mapping[str, Any]) -> None:
        super().__post_init__(parameters or {})
        self.request_option_provider = self.request_options_provider or self.request_option_provider
        self.extractor: ListExtractor = self.record_selector.extractor  # type: ignore[attr-defined]
        self.requester.stream = self.name
        self._key_fields = [str(key) for key in self.primary_key or [] if key != "company_id"]
        if isinstance(self.cursor, ConcurrentCursor):
            self.cursor = StampCursor.adopt(self.cursor, self.config.get("start_date"))
            self.requester.messages = self.cursor._message_repository

    def read_records(
        self, records_schema: Mapping[str, Any], stream_slice: StreamSlice | None = None
    ) -> Iterator[Record]:
        """The slice's records, as Visma sends them; the schema is not needed."""
        nothing = True
        for record in self.read(stream_slice or slice_of(), array("q")):
            nothing = False
            yield record
        # In a check, nothing at all means that something is wrong, and nothing since the start date does not.
        if nothing and self.config.get("patience_seconds") and not self.page(slice_of(), 1):
            give_up(
                FailureType.config_error,
                f"Visma.net answers, but shows no {self.name} at all for company ID {self.config['company_id']!r}, as it "
                "does for a company the application has no access to. Check the company ID.",
            )

    def read(
        self, wanted: StreamSlice, emitted: "array[int]", *, again: bool = False, part: bool = False
    ) -> Generator[Record, None, int]:
        """What is wanted, in as many passes as it takes. Adds to ``emitted`` the marks of what went out.

        ``again`` says that nothing in ``emitted`` needs to go out once more, ``part`` that a read since the beginning
        follows. Returns what the last pass counted.
        """
        cursor = self.cursor if isinstance(self.cursor, StampCursor) else None
        before: tuple[Any, ...] = ()
        for number in range(1, self.PASSES + 1):
            tally, started = Tally(), time.monotonic()
            known = frozenset(emitted) if again or number > 1 else ()
            for batch in self.whole(self.pages(wanted, tally), wanted):
                if cursor:
                    cursor.note(batch)
                for data in batch:
                    if tally.several_pages or self.remembers:
                        mark = self.mark(data)
                        if mark in known:
                            continue
                        emitted.append(mark)
                    yield Record(data, self.name, wanted)
            took = timedelta(seconds=time.monotonic() - started)
            if tally.moved and tally.outcome != before:
                before = tally.outcome
                LOGGER.info(f"{self.name}: {tally.moved} while the list was read (pass {number} of {self.PASSES}).")
            elif cursor and cursor.seen and tally.several_pages and took > cursor.lookback and not part:
                # Behind the reader's back a row may have changed longer ago than the next sync will look back.
                wanted = slice_of(start_time=Stamp.before(cursor.seen, took + cursor.lookback))
            else:
                break
        else:
            if tally.moved and cursor:
                cursor.held = True
                LOGGER.warning(
                    f"{self.name}: the list moved in each of {self.PASSES} passes. All rows that came are passed on; "
                    "the state stays where it was, so that the next sync reads them again and misses none."
                )
        return tally.counted

    def whole(self, pages: Iterator[Page], wanted: StreamSlice) -> Iterator[list[dict[str, Any]]]:
        """Whole records from pages."""
        return pages

    def units(self, page: Page) -> list[Any]:
        """What the API counts on this page, each by its identity."""
        return [self.key(record) for record in page]

    def key(self, data: dict[str, Any]) -> tuple[Any, ...]:
        """What names the record within the company."""
        return tuple([data.get(field) for field in self._key_fields])

    def mark(self, data: dict[str, Any]) -> int:
        """A number for this version of the record."""
        return hash((self.key(data), data.get("lastModifiedDateTime")))

    def ask(self, wanted: StreamSlice, number: int, parse: Callable[[requests.Response], Any]) -> Any:
        """A page's answer, as ``parse`` makes it."""
        token = {"next_page_token": number} if self._get_initial_next_page_token() else None
        params = self._request_params(wanted, token)
        return self.requester.ask(parse, stream_slice=wanted, next_page_token=token, request_params=params)

    def page(self, wanted: StreamSlice, number: int) -> Page:
        """One page."""
        page: Page = self.ask(wanted, number, self.extractor.extract_records)
        return page

    def pages(self, wanted: StreamSlice, tally: Tally) -> Iterator[Page]:
        """The pages in order. A bounded number of later ones is fetched meanwhile, and parsed when it is their turn."""
        gate, ahead = self.requester.gate, deque[Future[requests.Response]]()
        page, number, size, last = self.page(wanted, 1), 1, 0, 1
        try:
            while True:
                units = self.units(page)
                if number == 1:
                    paged = self._get_initial_next_page_token() is not None
                    tally.several_pages = paged and bool(page) and (page.total is None or page.total > len(units))
                elif number > last and (not page or (tally.total is None and tally.repeats(units))):
                    break
                tally.add(page, units)
                size = max(size, len(units))
                last = -(-tally.total // size) if tally.total is not None and size else 1
                while tally.several_pages and number + len(ahead) < last and gate.room_ahead.acquire(blocking=False):
                    ahead.append(gate.pool.submit(self.ask, wanted, number + len(ahead) + 1, lambda response: response))
                yield page
                number += 1
                if not tally.several_pages:
                    break
                if ahead:
                    page = self.parsed(ahead.popleft(), wanted, number)
                elif number <= last or tally.total is None or tally.counted < tally.total:
                    # No page is known to follow, or no room is free: one at a time, until one is empty.
                    page = self.page(wanted, number)
                else:
                    break
        finally:
            for future in ahead:
                future.cancel()
                gate.room_ahead.release()
        if tally.several_pages:
            tally.close()

    def parsed(self, answer: "Future[requests.Response]", wanted: StreamSlice, number: int) -> Page:
        """The page in an answer that was fetched ahead, or one asked for again."""
        try:
            return self.extractor.extract_records(answer.result())
        except UnreadableAnswer as problem:
            LOGGER.info(f"{self.name}: {problem}. Trying again in 2 s.")
            time.sleep(2)
            return self.page(wanted, number)
        finally:
            self.requester.gate.room_ahead.release()


@dataclass
class DimensionsRetriever(PagesRetriever):
    """Reads the list of dimension IDs, bare strings, and then each dimension.

    ``detail_parameters`` go out with each; with ``segment_values`` its segments' values are the records.
    """

    detail_parameters: Mapping[str, str] | None = None
    segment_values: bool = False

    def pages(self, wanted: StreamSlice, tally: Tally) -> Iterator[Page]:
        """A page for each dimension."""
        names = self.ask(wanted, 1, names_of)
        since = wanted.get("start_time")

        def fetch(name: str) -> Page:
            # Visma.net API documentation: keys with reserved characters go into the path as b64(base64url).
            plain = re.fullmatch(r"[\w-]+", name, re.ASCII)
            key = name if plain else f"b64({urlsafe_b64encode(name.encode()).decode().rstrip('=')})"
            dimension = self.requester.ask(
                lambda response: json_of(response, dict),
                path=f"{self.requester.get_path()}/{key}",
                request_params=self.detail_parameters,
            )
            if not self.segment_values:
                return self.extractor.page([dimension | {"id": dimension.get("id") or name}])
            rows = [
                value | {"dimensionId": name, "segmentId": segment.get("segmentId", value.get("segmentId"))}
                for segment in dimension.get("segments") or []
                for value in segment.get("segmentValues") or []
                if not since or Stamp.reaches(value.get("lastModified"), since)
            ]
            return self.extractor.page(rows)

        for future in [self.requester.gate.pool.submit(fetch, name) for name in names]:
            yield future.result()


@dataclass
class JournalRetriever(PagesRetriever):
    """Reads journal transactions: paged by line, so that a batch comes in pieces; one whole record per batch goes out.

    A request needs a date or a period. The first read goes period by period, newest first, and saves which are done, so
    that it goes on where it was after a break; then it asks for everything modified since it began.
    """

    LINES = "journalTransactionLines"
    OLDEST = "1900-01-01T00:00:00.000"
    MODULES = ("GL", "AP", "AR", "CM", "CA", "IN", "DR", "FA", "PM")  # what the API's filter takes
    HELD_BACK = 20_000  # lines that may wait in memory for the rest of their batches
    EMPTY_PERIODS = 39  # so many in a row, three years, mean that there is nothing older by period

    remembers = True

    def read_records(
        self, records_schema: Mapping[str, Any], stream_slice: StreamSlice | None = None
    ) -> Iterator[Record]:
        """The slice's batches; without a start, all there are."""
        wanted, emitted = stream_slice or slice_of(), array("q")
        if not wanted.get("start_time"):
            wanted = slice_of(start_time=self.OLDEST)
            if isinstance(self.cursor, StampCursor):
                wanted = yield from self.by_period(self.cursor, wanted, emitted)
        yield from self.read(wanted, emitted, again=True)
        if isinstance(self.cursor, StampCursor) and not self.cursor.held:
            self.cursor.progress = {}

    def by_period(
        self, cursor: StampCursor, everything: StreamSlice, emitted: "array[int]"
    ) -> Generator[Record, None, StreamSlice]:
        """An initial load in parts. Returns what is to be read after it."""
        first = self.page(everything, 1)
        total, size = first.total or 0, len(self.units(first))
        if not size or total <= size:
            return everything
        last = self.page(everything, -(-total // size))
        cursor.note(first + last)
        years = [str(batch.get("financialPeriod"))[:4] for batch in first + last]
        oldest, newest = min(years), max(years)
        if not (oldest.isdigit() and newest.isdigit()):
            return everything
        cursor.progress = cursor.progress or {"since": cursor.seen, "lines": {}}
        done: dict[str, int] = cursor.progress["lines"]
        empty = 0
        for year, month in product(range(int(newest) + 1, 1900, -1), range(13, 0, -1)):
            period = f"{year}{month:02d}"
            if period not in done:
                try:
                    lines = yield from self.read(slice_of(periodId=period), emitted, part=True)
                except NotAccepted as refusal:  # a month the company's calendar does not have
                    LOGGER.info(f"{self.name}: there is no period {period}. {refusal.message}")
                    lines = 0
                if lines and not cursor.held:
                    done[period] = lines
                    cursor.save()
            empty = 0 if period in done else empty + 1
            if empty > self.EMPTY_PERIODS:
                break
            if str(year) < oldest and month == 13 and sum(done.values()) == self.page(everything, 1).total:
                break
        # Fewer lines than were announced: some batch has a period no calendar has.
        missing = sum(done.values()) < total and not cursor.held
        since = cursor.progress["since"]
        return everything if missing or not since else slice_of(start_time=Stamp.before(since, cursor.lookback))

    def whole(self, pages: Iterator[Page], wanted: StreamSlice) -> Iterator[list[dict[str, Any]]]:
        """Whole batches: any later page may have more lines of a batch, so that it waits while there is room."""
        waiting: dict[tuple[Any, ...], dict[str, Any]] = {}
        late: dict[tuple[Any, ...], dict[str, Any]] = {}
        gone: set[int] = set()
        lines = 0
        for page in pages:
            for piece in page:
                key = self.key(piece)
                self.add_piece(late if hash(key) in gone else waiting, piece)
            lines += len(self.units(page))
            early: list[dict[str, Any]] = []
            if lines > self.HELD_BACK:
                # Half of them go, first what looks whole and is not about to go on, the oldest first.
                last = self.key(page[-1])
                for key in sorted(waiting, key=lambda key: key == last or not self.balanced(waiting[key])):
                    if lines <= self.HELD_BACK // 2:
                        break
                    early.append(waiting.pop(key))
                    lines -= len(self.units(early[-1:]))
                    gone.add(hash(key))
            yield early
        # A filter by date does not promise all lines of a batch; a period does.
        filtered = wanted.get("start_time", self.OLDEST) != self.OLDEST
        doubtful = late | {key: batch for key, batch in waiting.items() if filtered and not self.balanced(batch)}
        yield list((waiting | self.reread(doubtful)).values())

    def reread(self, batches: dict[tuple[Any, ...], dict[str, Any]]) -> dict[tuple[Any, ...], dict[str, Any]]:
        """The same batches, read anew with all their lines, by period and module."""
        found: dict[tuple[Any, ...], dict[str, Any]] = {}
        for period, name in {(batch.get("financialPeriod"), batch.get("module")) for batch in batches.values()}:
            module = str(name).removeprefix("Module")
            part = slice_of(periodId=period, module=module if module in self.MODULES else None)
            for page in self.pages(part, Tally()) if period else ():
                for piece in page:
                    if self.key(piece) in batches:
                        self.add_piece(found, piece)
        return batches | found

    def add_piece(self, batches: dict[tuple[Any, ...], dict[str, Any]], piece: dict[str, Any]) -> None:
        """Adds a piece's lines to its batch, none twice."""
        batch = batches.setdefault(self.key(piece), piece)
        if batch is not piece:
            lines = (batch.get(self.LINES) or []) + (piece.get(self.LINES) or [])
            unnumbered = [line for line in lines if line.get("lineNumber") is None]
            numbered = {line["lineNumber"]: line for line in lines if line.get("lineNumber") is not None}
            batch[self.LINES] = [*numbered.values(), *unnumbered]

    def balanced(self, batch: dict[str, Any]) -> bool:
        """Whether the lines add up to the batch's totals; then none is missing that matters."""
        lines = batch.get(self.LINES) or []
        return all(
            abs(fsum(line.get(f"{side}Amount") or 0 for line in lines) - (batch.get(f"{side}Total") or 0)) < 0.005
            for side in ("debit", "credit")
        )

    def units(self, page: list[dict[str, Any]]) -> list[Any]:
        """Lines."""
        return [(*self.key(batch), line.get("lineNumber")) for batch in page for line in batch.get(self.LINES) or []]

    def mark(self, data: dict[str, Any]) -> int:
        """A number for this version of the batch, with these lines."""
        return hash((super().mark(data), len(data.get(self.LINES) or [])))
