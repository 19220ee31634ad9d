"""A request is repeated until it is answered, or until it is known that it will not be, and why."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import requests
from airbyte_cdk.models import (
    AirbyteStreamStatus,
    AirbyteStreamStatusReason,
    AirbyteStreamStatusReasonType,
    FailureType,
    StreamDescriptor,
)
from airbyte_cdk.sources.declarative.requesters.http_requester import HttpRequester
from airbyte_cdk.sources.declarative.requesters.request_options.interpolated_request_options_provider import (
    InterpolatedRequestOptionsProvider,
)
from airbyte_cdk.sources.message import MessageRepository
from airbyte_cdk.sources.streams.http.error_handlers import ResponseAction
from airbyte_cdk.sources.types import StreamSlice
from airbyte_cdk.utils.stream_status_utils import as_airbyte_message
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_visma.components.access_token import VismaConnectAuthenticator
from source_visma.components.addresses import checked_url
from source_visma.components.deadlines import NEVER, timeout_until, within
from source_visma.components.errors import (
    LOGGER,
    REFUSED,
    TRANSIENT,
    ImpureAnswer,
    NotAvailable,
    Refusal,
    Unanswered,
    UnreadableAnswer,
    give_up,
)
from source_visma.components.gate import shared_gate
from source_visma.components.waits import retry_after
from source_visma.components.words import in_words, said

CROWDED = 0.5  # seconds until a call is tried again that was one too many at once
PATIENT = 3  # so many tries and more: a request that has no smaller one
NO_LICENCE = "12027"  # the gateway's code for it
MOST_REFUSED = 3  # more 401 to a fresh token, with growing pauses
MOST_LIMITED = 15  # answers 429 to one request: hours, when each says how long to wait


def timed_out(problem: requests.Response | requests.RequestException) -> bool:
    """Whether the answer took too long: the same request would, too."""
    if isinstance(problem, requests.Response):
        return problem.status_code in (408, 504)
    return isinstance(problem, requests.ReadTimeout)


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
        tries: int | None = None,
        impure: bool = False,
        **_: Any,
    ) -> Any:
        """The answer, parsed. Raises config_error or transient_error that says what to do.

        ``tries`` says how often to ask at most while no answer comes, in place of the manifest's number; ``impure``
        that an answer to this request had characters that JSON does not allow.
        """
        base = checked_url("api_url", self.get_url_base())
        context: dict[str, Any] = {"stream_slice": stream_slice, "next_page_token": next_page_token}
        params = {**self.get_request_params(**context), **(request_params or {})}
        request = {
            "url": f"{base}/{path or self.get_path(**context)}",
            "headers": {**self.get_request_headers(**context), **(request_headers or {})},
            "params": {name: value for name, value in params.items() if value not in (None, "")},
        }
        call = partial(self._answer, request, parse, tries, impure)
        if not self._patience:
            return call(NEVER)
        # For all calls of a check together.
        self._ends = self._ends or time.monotonic() + self._patience
        return within(max(0.5, self._ends - time.monotonic()), call)

    def _answer(
        self,
        request: dict[str, Any],
        parse: Callable[[requests.Response], Any],
        most: int | None,
        impure: bool,
        deadline: float,
    ) -> Any:
        assert self.error_handler is not None
        most = most if most is not None else (self.error_handler.max_retries or 0) + 1
        token = rejected = ""
        tries = attempts = beside = refusals = 0
        while True:
            problem: requests.Response | requests.RequestException
            try:
                with self.gate.turn(deadline) as beside:
                    token = self._token.value(rejected, deadline)
                    problem = response = self._session.get(
                        request["url"],
                        params=request["params"],
                        headers={
                            **request["headers"],
                            "Authorization": f"Bearer {token}",
                            "ipp-company-id": self._company,
                        },
                        auth=lambda request: request,  # or requests would put what ~/.netrc says in the token's place
                        timeout=(min(15, timeout_until(deadline)), min(300, timeout_until(deadline))),
                    )
                    self.gate.learn(response)
                    self.gate.clock.learn(response)
                if response.status_code in (200, 204):
                    return self._taken(parse, response)
            except ImpureAnswer as error:
                if impure:
                    self._warn(error)
                    return parse(error.mended)
                impure = True
                self._wait(0.0 if self._warned else 2.0, f"{self.stream}: {error}.", for_all=False)
                continue
            except Refusal as error:
                problem = error.usual
            except requests.RequestException as error:
                problem = error
            action, message, kind = self._ruling(problem)
            if action is ResponseAction.REFRESH_TOKEN_THEN_RETRY and not rejected:
                rejected = token
                continue
            if action is ResponseAction.REFRESH_TOKEN_THEN_RETRY and self._token_may_be_young(
                refusals, message, deadline
            ):
                refusals += 1
                continue
            if action in (ResponseAction.FAIL, ResponseAction.REFRESH_TOKEN_THEN_RETRY):
                give_up(kind, message, kind_of_refusal(problem))
            limited = action is ResponseAction.RATE_LIMITED
            tries, attempts = tries + 1, attempts + (not limited)
            pause = (retry_after(problem) if isinstance(problem, requests.Response) else None) or 2.0**tries
            if limited and isinstance(problem, requests.Response) and self.gate.crowded(problem, beside):
                LOGGER.info(f"{message} Fewer calls go out at once.")
                time.sleep(CROWDED)
                continue
            over = tries > MOST_LIMITED if limited else attempts >= most or (most < PATIENT and timed_out(problem))
            if over or time.monotonic() + pause > deadline:
                give_up(FailureType.transient_error, message, AirbyteTracedException if limited else Unanswered)
            self._wait(pause, message, for_all=limited)

    def _taken(self, parse: Callable[[requests.Response], Any], response: requests.Response) -> Any:
        """What the answer says; and that the token works, and this list can be read."""
        self._token.worked = True
        answer = parse(response)
        self.gate.readable.add(self.stream)
        return answer

    def _token_may_be_young(self, refusals: int, message: str, deadline: float) -> bool:
        """Whether to ask again with a fresh token that was refused: some of the service may not know it for seconds. Raises
        transient_error for the last refusal of one where others were taken."""
        pause = 2.0 ** (refusals + 1)
        if refusals < MOST_REFUSED and time.monotonic() + pause <= deadline:
            self._wait(pause, message, for_all=False)
            return True
        if self._token.worked:
            give_up(FailureType.transient_error, f"{message} It took one before in this sync: try again.")
        return False

    def _warn(self, error: ImpureAnswer) -> None:
        if not self._warned:
            self._warned = True
            LOGGER.warning(
                f"{self.stream}: {error} (raw control characters, half a surrogate pair, bytes that are no UTF-8), at "
                "every attempt. It was read with U+FFFD in their place. Correct the texts in Visma.net."
            )

    def _ruling(
        self, problem: requests.Response | requests.RequestException
    ) -> tuple[ResponseAction, str, FailureType]:
        """What the error table says: what to do, what to tell people, whose fault it is."""
        if isinstance(problem, requests.RequestException):
            if not isinstance(problem, TRANSIENT):
                return ResponseAction.FAIL, f"{self.stream}: {problem}. Check api_url.", FailureType.config_error
            advice = getattr(problem, "advice", UnreadableAnswer.advice)
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


def kind_of_refusal(problem: requests.Response | requests.RequestException) -> type[AirbyteTracedException]:
    """What a refusal is about: the list altogether, or what was asked of it."""
    if not isinstance(problem, requests.Response):
        return AirbyteTracedException
    if problem.status_code == 400 and said(problem).startswith(NO_LICENCE):
        return NotAvailable
    return REFUSED.get(problem.status_code, AirbyteTracedException)
