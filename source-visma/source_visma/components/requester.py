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

from source_visma.components.addresses import checked_url
from source_visma.components.deadlines import NEVER, timeout_until, within
from source_visma.components.errors import LOGGER, TRANSIENT, NotAccepted, give_up
from source_visma.components.gate import shared_gate
from source_visma.components.words import in_words, said

MOST_LIMITED = 15  # answers 429 to one request: hours, when each says how long to wait


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
