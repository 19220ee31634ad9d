"""Faults on demand: which requests they affect, and what happens in place of a normal answer."""

import asyncio
import random
import re
import time
from collections.abc import Container
from dataclasses import asdict, dataclass, field
from typing import Any

ACTIONS = {
    "lost_answer": "the request is applied, then the connection is dropped without an answer",
    "drop": "the connection is dropped before anything is applied",
    "delay": "the request is applied, its answer comes `seconds` later, or when the faults are removed",
    "error": "`status` (default 500) with `message`, `phrase`, `headers` or a raw `answer`; nothing is applied "
    "unless `applied`",
    "html": "an HTML error page with `status` (default 502)",
    "timeout": "504; the request was applied unless `applied` is false, or is applied `late` seconds after the answer, or when "
    "the faults are removed",
    "throttle": "429 with `retry_after` seconds",
    "truncate": "the request is applied, the answer's JSON ends half-way",
    "cut": "the request is applied, the connection breaks half-way through the body",
    "meanwhile": "just before the request is handled, `person` (gid or e-mail) makes the requests `does`",
    "expire_offsets": "every offset handed out so far expires, then the request is answered as usual",
}


@dataclass
class Fault:
    """One entry of `POST /_control/faults`.

    `method` (None = any), `path` and `body` choose requests; the latter two are regular expressions, searched in the path
    below `/api/1.0` with its query and in the raw body. The first `skip` of them pass. Of the others, `times` (None =
    all) are affected, each with probability `chance`; `seed` makes the choice repeatable.
    """

    action: str
    method: str | None = None
    path: str = ""
    body: str | None = None
    skip: int = 0
    times: int | None = 1
    chance: float = 1.0
    seed: int | None = None
    options: dict[str, Any] = field(default_factory=dict)
    seen: int = 0
    hit: int = 0

    def __post_init__(self) -> None:
        if self.action not in ACTIONS:
            raise ValueError(f"unknown action {self.action}; known: {', '.join(ACTIONS)}")
        re.compile(self.path)
        re.compile(self.body or "")
        self._dice = random.Random(self.seed)

    def throw(self) -> bool:
        return self.chance >= 1 or self._dice.random() < self.chance

    def matches(self, method: str, path: str, body: bytes) -> bool:
        if self.method and self.method.upper() != method:
            return False
        if not re.search(self.path, path):
            return False
        return self.body is None or re.search(self.body, body.decode("utf-8", "replace")) is not None


class Faults:
    """The present faults, oldest first. A request meets at most one."""

    def __init__(self) -> None:
        self.entries: list[Fault] = []

    def add(self, spec: dict[str, Any]) -> Fault:
        """Makes a fault from a JSON object. Keys that are not a Fault's own go into its options."""
        own = {"action", "method", "path", "body", "skip", "times", "chance", "seed"}
        fault = Fault(
            **{k: v for k, v in spec.items() if k in own}, options={k: v for k, v in spec.items() if k not in own}
        )
        self.entries.append(fault)
        return fault

    def pick(self, method: str, path: str, body: bytes, only: Container[str] = ACTIONS) -> Fault | None:
        """The fault that affects this request, if any; it is then counted. `only` limits the choice to actions that are
        possible here."""
        for fault in self.entries:
            if fault.action not in only:
                continue
            if fault.times is not None and fault.hit >= fault.times:
                continue
            if fault.matches(method, path, body):
                fault.seen += 1
                if fault.seen > fault.skip and fault.throw():
                    fault.hit += 1
                    return fault
        return None

    async def wait(self, fault: Fault, seconds: float) -> None:
        """Waits so many seconds, or until the fault is removed."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0 and any(each is fault for each in self.entries):
            await asyncio.sleep(min(left, 0.02))

    def as_list(self) -> list[dict[str, Any]]:
        return [asdict(fault) for fault in self.entries]
