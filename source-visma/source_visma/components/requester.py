"""Requests, repeated until they are answered, or until it is clear why they will not be."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import requests
from airbyte_cdk.models import (
    AirbyteEstimateTraceMessage,
    AirbyteMessage,
    AirbyteStreamStatus,
    AirbyteStreamStatusReason,
    AirbyteStreamStatusReasonType,
    AirbyteTraceMessage,
    EstimateType,
    FailureType,
    StreamDescriptor,
    TraceType,
    Type,
)
from airbyte_cdk.sources.declarative.requesters.http_requester import HttpRequester
from airbyte_cdk.sources.declarative.requesters.request_options.interpolated_request_options_provider import (
    InterpolatedRequestOptionsProvider,
)
from airbyte_cdk.sources.message import MessageRepository
from airbyte_cdk.sources.streams.http.error_handlers import ResponseAction
from airbyte_cdk.sources.types import StreamSlice
from airbyte_cdk.utils.stream_status_utils import as_airbyte_message

from source_visma.components.access_token import VismaConnectAuthenticator
from source_visma.components.addresses import checked_url
from source_visma.components.attempts import Attempts, Problem, Then
from source_visma.components.bearer import BearerAuth
from source_visma.components.bodies import LargePieces
from source_visma.components.clock import CLOCK
from source_visma.components.deadlines import NEVER, timeout_until, within
from source_visma.components.errors import LOGGER, ImpureAnswer, Refusal, Unanswered, give_up, known_errors
from source_visma.components.gate import shared_gate
from source_visma.components.rulings import kind_of_refusal, ruling_on

CROWDED = 0.5  # seconds until a call that was one too many at once is sent again


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
        assert isinstance(self.authenticator, VismaConnectAuthenticator)
        self._token = self.authenticator.access_token
        self.stream = ""
        self.messages: MessageRepository | None = None
        self._company = str(self.config["company_id"])
        self._patience = self.config.get("patience_seconds")
        self._warned = False
        self._ends = 0.0
        self._session = requests.Session()
        workers = int(self.config.get("num_workers") or 4)
        adapter = LargePieces(pool_connections=2, pool_maxsize=workers)
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
        tries: int | None = None,
        impure: bool = False,
        **_: Any,
    ) -> Any:
        """The answer, parsed. Raises config_error or transient_error that says what to do.

        ``tries`` is the largest number of attempts without an answer, in place of the manifest's; ``impure`` means that an
        answer to this request had characters that JSON does not allow.
        """
        base = checked_url("api_url", self.get_url_base())
        context: dict[str, Any] = {"stream_slice": stream_slice, "next_page_token": next_page_token}
        params = {**self.get_request_params(**context), **(request_params or {})}
        request = {
            "url": f"{base}/{path or self.get_path(**context)}",
            "headers": {**self.get_request_headers(**context), **(request_headers or {})},
            "params": {name: value for name, value in params.items() if value not in (None, "")},
        }
        if tries is None:
            assert self.error_handler is not None
            tries = (self.error_handler.max_retries or 0) + 1
        call = partial(self._answer, request, parse, Attempts(tries, impure=impure))
        if not self._patience:
            return call(NEVER)
        # All calls of a check share one deadline.
        self._ends = self._ends or CLOCK.now() + self._patience
        return within(max(0.5, self._ends - CLOCK.now()), call)

    def _answer(
        self,
        request: dict[str, Any],
        parse: Callable[[requests.Response], Any],
        attempts: Attempts,
        deadline: float,
    ) -> Any:
        """The answer to a request, parsed, after as many attempts as it takes."""
        while True:
            problem: Problem
            token, beside = "", 0
            try:
                with self.gate.turn(deadline) as beside:
                    token = self._token.token(attempts.rejected, deadline)
                    problem = response = self._sent(request, token, deadline)
                if response.status_code in (200, 204):
                    return self._taken(parse, response)
            except ImpureAnswer as error:
                if attempts.impure:
                    self._warn(error)
                    return parse(error.mended)
                attempts.impure = True
                self._wait(0.0 if self._warned else 2.0, f"{self.stream}: {error}.")
                continue
            except Refusal as error:
                problem = error.usual
            except requests.RequestException as error:
                problem = error
            self._go_on(problem, attempts, token, beside, deadline)

    def _sent(self, request: dict[str, Any], token: str, deadline: float) -> requests.Response:
        """The answer to one attempt. The gate and the service's clock learn from it."""
        with known_errors():
            response = self._session.get(
                request["url"],
                params=request["params"],
                headers={**request["headers"], "ipp-company-id": self._company},
                auth=BearerAuth(token),
                timeout=(min(15, timeout_until(deadline)), min(300, timeout_until(deadline))),
            )
        self.gate.learn(response)
        self.gate.clock.learn(response)
        return response

    def _go_on(self, problem: Problem, attempts: Attempts, token: str, beside: int, deadline: float) -> None:
        """Does what comes before the next attempt. Raises config_error or transient_error when there is none."""
        ruling = ruling_on(problem, self.error_handler, self.stream)
        if ruling.action is ResponseAction.RATE_LIMITED and self._crowded(problem, beside):
            attempts.limited += 1
            LOGGER.info(f"{ruling.message} Fewer calls go out at once.")
            CLOCK.sleep(CROWDED)
            return
        left = deadline - CLOCK.now()
        then, pause = attempts.verdict(ruling.action, problem, left, token_worked=self._token.worked)
        match then:
            case Then.RENEW:
                attempts.rejected = token
            case Then.ASK_AGAIN:
                self._wait(pause, ruling.message)
            case Then.HOLD_ALL:
                self._hold_all(pause, ruling.message)
            case Then.REFUSED:
                give_up(ruling.kind, ruling.message, kind_of_refusal(problem))
            case Then.REFUSED_LATER:
                give_up(FailureType.transient_error, f"{ruling.message} It took one before in this sync: try again.")
            case Then.UNANSWERED:
                give_up(FailureType.transient_error, ruling.message, Unanswered)
            case Then.LIMITED:
                give_up(FailureType.transient_error, ruling.message)

    def _crowded(self, problem: Problem, beside: int) -> bool:
        return isinstance(problem, requests.Response) and self.gate.crowded(problem, beside)

    def _taken(self, parse: Callable[[requests.Response], Any], response: requests.Response) -> Any:
        """The answer, parsed. It also proves that the token works, and that this list can be read."""
        self._token.worked = True
        answer = parse(response)
        self.gate.readable.add(self.stream)
        return answer

    def _warn(self, error: ImpureAnswer) -> None:
        if not self._warned:
            self._warned = True
            LOGGER.warning(
                f"{self.stream}: {error} (raw control characters, half a surrogate pair, bytes that are no UTF-8), at "
                "every attempt. It was read with U+FFFD in their place. Correct the texts in Visma.net."
            )

    def _wait(self, pause: float, message: str) -> None:
        LOGGER.info(f"{message} Trying again in {pause:.0f} s.")
        CLOCK.sleep(pause)

    def _hold_all(self, pause: float, message: str) -> None:
        """Closes the gate for all streams, and lets the platform know that this one waits for the rate limit."""
        LOGGER.info(f"{message} No call goes out for {pause:.0f} s.")
        self.gate.close(pause)
        if self.messages:
            reason = AirbyteStreamStatusReason(type=AirbyteStreamStatusReasonType.RATE_LIMITED)
            stream = StreamDescriptor(name=self.stream)
            self.messages.emit_message(as_airbyte_message(stream, AirbyteStreamStatus.RUNNING, [reason]))

    def announce(self, rows: int) -> None:
        """Tells the platform and the destination how many rows the list has, before its records come."""
        if self.messages:
            estimate = AirbyteEstimateTraceMessage(name=self.stream, type=EstimateType.STREAM, row_estimate=rows)
            trace = AirbyteTraceMessage(type=TraceType.ESTIMATE, emitted_at=time.time() * 1000, estimate=estimate)
            self.messages.emit_message(AirbyteMessage(type=Type.TRACE, trace=trace))
