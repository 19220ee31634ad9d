"""Faults on demand: which request they hit, and what then happens instead of a plain answer."""

import random
import re
from collections.abc import Container
from dataclasses import asdict, dataclass, field
from typing import Any

ACTIONS = {
    "lost_answer": "the request is applied, then the connection is dropped without an answer",
    "drop": "the connection is dropped before anything is applied",
    "delay": "the request is applied, its answer comes `seconds` later",
    "error": "`status` (default 500) with `message`, `phrase`, `headers` or a raw `answer`; nothing is applied "
    "unless `applied`",
    "html": "an HTML error page with `status` (default 502)",
    "timeout": "504; the request was applied unless `applied` is false, or is applied `late` seconds after the answer",
    "throttle": "429 with `retry_after` seconds",
    "truncate": "the request is applied, the answer's JSON ends half-way",
    "cut": "the request is applied, the connection breaks half-way through the body",
    "meanwhile": "just before the request is handled, `person` (gid or e-mail) makes the requests `does`",
    "expire_offsets": "every offset handed out so far expires, then the request is answered as usual",
}


@dataclass
class Fault:
    """One entry of `POST /_control/faults`.

    `method` (None = any), `path` and `body` (regular expressions, searched in the path below `/api/1.0` with its query
    and in the raw body) choose requests; the first `skip` of them pass, of the others `times` (None = all) are hit,
    each with probability `chance`; `seed` makes the dice fall alike every time.
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
    """The faults that are set, oldest first; a request meets at most one."""

    def __init__(self) -> None:
        self.entries: list[Fault] = []

    def add(self, spec: dict[str, Any]) -> Fault:
        """Make a fault of a JSON object; keys that are not a Fault's own go into its options."""
        own = {"action", "method", "path", "body", "skip", "times", "chance", "seed"}
        fault = Fault(
            **{k: v for k, v in spec.items() if k in own}, options={k: v for k, v in spec.items() if k not in own}
        )
        self.entries.append(fault)
        return fault

    def pick(self, method: str, path: str, body: bytes, only: Container[str] = ACTIONS) -> Fault | None:
        """The fault this request meets, if any, counted as hit; `only` names the actions that could be carried out."""
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

    def as_list(self) -> list[dict[str, Any]]:
        return [asdict(fault) for fault in self.entries]
