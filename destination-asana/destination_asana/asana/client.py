"""Reads and writes objects of Asana: pages, and creates that must not happen twice. It knows nothing of invoices."""

from __future__ import annotations

import datetime
import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from destination_asana.asana.errors import AsanaError, UnreachableError
from destination_asana.asana.gate import Gate
from destination_asana.asana.refusals import Cause
from destination_asana.asana.traffic import Traffic
from destination_asana.asana.transport import Credentials, Request, Transport, UnknownOutcomeError
from destination_asana.asana.verdict import Patience

logger = logging.getLogger("airbyte")

PAGE_SIZE = 100
# If offsets keep expiring, waiting does not help.
MOST_RESTARTS = 3
# A late answer to a create is still an answer. A long timeout keeps a slow create from being repeated.
SYNC_TIMEOUT = (10.0, 120.0)
CHECK_TIMEOUT = (5.0, 10.0)
# How long after a lost answer to look for the object in the listing. A server that was slow (no answer in time, 504) may
# apply the create late.
LOOK_AGAIN_AFTER = (0.5, 2.0, 4.0)
LOOK_AGAIN_AFTER_SLOWNESS = (1.0, 5.0, 15.0)


class Client:
    """Calls Asana with one token.

    Paths are relative to `api_url` (`/tasks`). Data and answers are the content of Asana's `data` envelope. Raises
    AsanaError for an error answer and UnreachableError without an answer, both after sensible retries.
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
        self.credentials = credentials
        self._transport = Transport(api_url, credentials, Patience(attempts, throttles, longest_pause), timeout)
        self._attempts = attempts
        self._own_gid: str | None = None
        self._own_lock = threading.Lock()

    @property
    def gate(self) -> Gate:
        """The gate of this client's requests."""
        return self._transport.gate

    @property
    def traffic(self) -> Traffic:
        """The counts of this client's requests."""
        return self._transport.traffic

    @property
    def announced_changes(self) -> int:
        """How many changes that affect this connector Asana has announced in headers."""
        return len(self._transport.headers.announced)

    def server_time(self) -> datetime.datetime:
        """Now (UTC) by Asana's clock, according to its last answer."""
        return self._transport.headers.server_time()

    def earliest_time(self) -> datetime.datetime:
        """Now (UTC) by the slower of this machine's and Asana's clock: the time from which to look for a create whose
        answer was lost."""
        return self._transport.headers.earliest_time()

    # --- reading ---------------------------------------------------------------------------------------------------

    def get(self, path: str, params: Mapping[str, Any] | None = None) -> Any:
        """One object."""
        return self._transport.send(Request("GET", path, params))["data"]

    def pages(self, path: str, params: Mapping[str, Any] | None = None) -> Iterator[list[dict[str, Any]]]:
        """All objects of a list, a page at a time.

        An offset can expire on the way (400). The list is then read again from its start, and the same object may come
        twice, so the caller must key objects by gid. Source: Asana developer docs, "Pagination".
        """
        restarts = 0
        offset: str | None = None
        while True:
            query = {**(params or {}), "limit": PAGE_SIZE, **({"offset": offset} if offset else {})}
            try:
                answer = self._transport.send(Request("GET", path, query))
            except AsanaError as error:
                if offset and Cause.OFFSET_EXPIRED in error.causes and restarts < MOST_RESTARTS:
                    restarts += 1
                    offset = None
                    continue
                raise
            yield answer["data"]
            offset = (answer.get("next_page") or {}).get("offset")
            if not offset:
                return

    def list(self, path: str, params: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """All objects of a short list, each once."""
        found: dict[str, dict[str, Any]] = {}
        for page in self.pages(path, params):
            found.update((item["gid"], item) for item in page)
        return list(found.values())

    def own_gid(self) -> str:
        """The gid of the token's user, requested once."""
        with self._own_lock:
            if self._own_gid is None:
                self._own_gid = str(self.get("/users/me", {"opt_fields": "name"})["gid"])
            return self._own_gid

    # --- writing ---------------------------------------------------------------------------------------------------

    def put(self, path: str, data: Mapping[str, Any], params: Mapping[str, Any] | None = None) -> Any:
        """A partial update. It is safe to repeat, so after a lost answer the request is sent again."""
        return self._transport.send(Request("PUT", path, params, data))["data"]

    def act(self, path: str, data: Mapping[str, Any]) -> Any:
        """A POST that is safe to repeat (addTask, setParent, addItem …)."""
        return self._transport.send(Request("POST", path, data=data))["data"]

    def delete(self, path: str) -> None:
        """Deletes an object that this process has made. The sync itself deletes nothing."""
        self._transport.send(Request("DELETE", path))

    def create(
        self,
        path: str,
        data: Mapping[str, Any],
        find: Callable[[], dict[str, Any] | None],
        params: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        """A POST that must not happen twice.

        Asana has no idempotency key. If an answer is lost, `find` looks for the object (through a listing, which includes
        its own writes). Only if it is still missing after several looks is the create repeated.
        """
        request = Request("POST", path, params, data, repeatable=False)
        for attempt in range(1, self._attempts + 1):
            try:
                created: dict[str, Any] = self._transport.send(request)["data"]
                return created
            except UnknownOutcomeError as unknown:
                self.traffic.count_lost_answer()
                logger.info(f"No answer to {request} ({unknown}); asking Asana whether it was applied.")
                for pause in LOOK_AGAIN_AFTER_SLOWNESS if unknown.slow else LOOK_AGAIN_AFTER:
                    time.sleep(pause)
                    found = find()
                    if found is not None:
                        return found
                if attempt == self._attempts:
                    raise UnreachableError(str(unknown), "POST", path) from None
        raise AssertionError("unreachable")
