"""Visma.net as the probe calls it: one request at a time, read only, with the connector's own token and gate.

Unlike a sync, the probe wants to see refusals. So an answer of any status comes back, and only a missing one is an error.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
import requests
from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_visma.components.access_token import shared_token
from source_visma.components.addresses import checked_url
from source_visma.components.bearer import BearerAuth
from source_visma.components.clock import CLOCK
from source_visma.components.errors import LOGGER, TRANSIENT, give_up, known_errors
from source_visma.components.gate import shared_gate
from source_visma.components.rulings import UNSENT
from source_visma.components.waits import moment_of, retry_after
from source_visma.components.words import in_words, message_of

SCOPE = "vismanet_erp_service_api:read"
TRIES = 3  # of a request without an answer
LONGEST_WAIT = 300.0  # seconds that the probe waits for the rate limit before it gives a question up
TIMEOUT = (15.0, 120.0)
SERVER_FAULTS = (500, 502, 503, 504)
# Not every size is kind to a service that somebody else works with: pages of the probe are small.
SAMPLE = 100


class NoReplyError(Exception):
    """No usable answer came, after several tries."""


class LimitedError(Exception):
    """The rate limit does not let the request through for longer than the probe waits."""


class RefusedError(Exception):
    """Visma.net refuses the list (401, 403, 404 …)."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True)
class Reply:
    """An answer. `body` is its JSON; None for any other content."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    words: str = ""

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The records of a list; none in any other answer."""
        return [row for row in self.body if isinstance(row, dict)] if isinstance(self.body, list) else []

    @property
    def total(self) -> int:
        """How many records the list announces; those that came if it announces nothing."""
        announced = self._metadata("totalCount")
        return len(self.rows) if announced is None else announced

    @property
    def record(self) -> dict[str, Any] | None:
        """The one record that came, with bare values; None for any other answer."""
        return bare(self.body) if isinstance(self.body, dict) and self.status == 200 else None

    @property
    def largest_page(self) -> int | None:
        """The largest page of the list, if the answer says it."""
        return self._metadata("maxPageSize")

    def _metadata(self, name: str) -> int | None:
        metadata = self.rows[0].get("metadata") if self.rows else None
        value = metadata.get(name) if isinstance(metadata, dict) else None
        return int(value) if isinstance(value, int) else None


class Service:
    """The API with the settings of one connection. Lists that several questions want are read once."""

    def __init__(self, config: Mapping[str, Any], defaults: Mapping[str, Any]) -> None:
        setting = {**{name: each.get("default") for name, each in defaults.items()}, **config}
        self.company = str(config["company_id"])
        self._base = checked_url("api_url", setting["api_url"])
        credentials = [str(config[name]) for name in ("client_id", "client_secret", "tenant_id")]
        self._token = shared_token(setting["token_url"], SCOPE, *credentials)
        self._gate = shared_gate(self._base, credentials[0], self.company, 1)
        self._session = requests.Session()
        self._read: dict[tuple[str, int], Reply] = {}
        self.headers: set[str] = set()
        self.calls = 0

    def get(
        self,
        path: str,
        params: Mapping[str, Any] | None = None,
        *,
        company: str | None = None,
        send_company: bool = True,
    ) -> Reply:
        """The answer to one request, whatever its status. Raises NoReplyError and LimitedError."""
        headers = {"Accept": "application/json"}
        if send_company:
            headers["ipp-company-id"] = company or self.company
        rejected, unanswered, limited = "", 0, 0
        while True:
            try:
                response, token = self._send(path, dict(params or {}), headers, rejected)
            except TRANSIENT as problem:
                unanswered += 1
                if unanswered >= TRIES:
                    raise NoReplyError(in_words(problem)) from None
                self._pause(2.0**unanswered, in_words(problem))
                continue
            except requests.RequestException as problem:
                give_up(FailureType.config_error, f"Visma.net cannot be asked: {problem}. {UNSENT}")
            if response.status_code == 401 and not rejected:
                rejected = token
            elif response.status_code == 429:
                limited += 1
                self._wait(retry_after(response) or 2.0**limited, limited)
            elif (response.status_code in SERVER_FAULTS or not _whole(response)) and unanswered < TRIES - 1:
                unanswered += 1
                self._pause(2.0**unanswered, f"status {response.status_code}, without a usable answer")
            else:
                return self._reply(response)

    def list(self, path: str, **params: Any) -> Reply:
        """A page of a list that must be readable. Raises RefusedError when it is not, NoReplyError and LimitedError."""
        reply = self.get(path, params)
        if reply.status not in (200, 204):
            if reply.status in SERVER_FAULTS:
                raise NoReplyError(f"status {reply.status}")
            raise RefusedError(reply.status)
        if reply.status == 200 and reply.body is not None and not isinstance(reply.body, list):
            raise NoReplyError("status 200 with something else than a list")
        return reply

    def sample(self, path: str, size: int = SAMPLE) -> Reply:
        """The first records of a list. They are requested once: the same request too often is refused."""
        if (path, size) not in self._read:
            self._read[path, size] = self.list(path, pageNumber=1, pageSize=size)
        return self._read[path, size]

    def first(self, path: str) -> Reply:
        """The first record of a list, for what the answer says of the whole list."""
        return self.sample(path, 1)

    def _send(
        self, path: str, params: dict[str, Any], headers: dict[str, str], rejected: str
    ) -> tuple[requests.Response, str]:
        deadline = CLOCK.now() + LONGEST_WAIT
        try:
            with self._gate.turn(deadline):
                token = self._token.token(rejected)
                self.calls += 1
                with known_errors():
                    response = self._session.get(
                        f"{self._base}{path}",
                        params=params,
                        headers=headers,
                        auth=BearerAuth(token),
                        timeout=TIMEOUT,
                        allow_redirects=False,
                    )
        except AirbyteTracedException as error:
            if "rate limit" in (error.message or ""):
                raise LimitedError from None
            raise
        self._gate.learn(response)
        return response, token

    def _reply(self, response: requests.Response) -> Reply:
        self.headers |= {name for name in response.headers if len(name) <= 40}
        try:
            body = orjson.loads(response.content) if response.content else None
        except orjson.JSONDecodeError:
            body = None
        return Reply(
            response.status_code, body, response.headers, message_of(response) if response.status_code >= 400 else ""
        )

    def _wait(self, seconds: float, limited: int) -> None:
        if seconds > LONGEST_WAIT or limited > TRIES:
            raise LimitedError
        self._pause(seconds, "the rate limit is reached")

    def _pause(self, seconds: float, why: str) -> None:
        LOGGER.info(f"Visma.net: {why}. Trying again in {seconds:.0f} s.")
        CLOCK.sleep(seconds)


def bare(value: Any) -> Any:
    """A value without wrappers: `{"value": 1}` is 1."""
    if isinstance(value, list):
        return [bare(each) for each in value]
    if not isinstance(value, dict):
        return value
    return bare(value["value"]) if set(value) == {"value"} else {name: bare(each) for name, each in value.items()}


def _whole(response: requests.Response) -> bool:
    """Whether the answer is JSON, empty, or a refusal of any form."""
    if response.status_code >= 400 or not response.content:
        return True
    try:
        orjson.loads(response.content)
    except orjson.JSONDecodeError:
        return False
    return True


def sign_in(service: Service) -> None:
    """Asks for a list that every company has. Raises config_error or transient_error that says why nothing can be asked."""
    try:
        reply = service.get("/v1/account")
    except NoReplyError as error:
        give_up(
            FailureType.transient_error,
            f"Visma.net cannot be reached: {error}. Check the network, the proxy and api_url, and try again.",
        )
    except LimitedError:
        give_up(FailureType.transient_error, "Visma.net's rate limit is used up. Run the probe again in an hour.")
    if reply.status >= 500:
        give_up(
            FailureType.transient_error, f"Visma.net has a problem of its own (status {reply.status}). Try again later."
        )
    if reply.status >= 300:
        give_up(
            FailureType.config_error,
            f"Visma.net refuses the company's accounts ({reply.status} {reply.words}). Check company_id and tenant_id, and "
            "that the application is granted for this company in the Visma App Store (docs/access.md).",
        )
    if not reply.rows:
        give_up(
            FailureType.config_error,
            "Visma.net shows no account, and every company has some. Check company_id: it is probably another company's.",
        )


def clock_of(reply: Reply) -> Any:
    """The moment of an answer by the service's own clock (UTC, without a zone), or None."""
    moment = moment_of(reply.headers.get("Date", ""))
    return None if moment is None else moment.replace(tzinfo=None)
