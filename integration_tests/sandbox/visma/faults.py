"""Faults on demand for the next matching API or token requests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from dataclasses import field as default
from typing import Any

KINDS = ("status", "truncate", "cut", "empty", "html", "drop", "hang", "heavy", "poison", "impure", "respell")
IMPURITIES = ("control", "surrogate", "latin1", "bom")


def below(path: str, beginning: str) -> bool:
    """Whether a path equals this one or continues it: ``/v1/supplier`` is not the beginning of ``/v1/supplierInvoice``."""
    return path == beginning or path.startswith(beginning.rstrip("/") + "/")


@dataclass
class Fault:
    """One order.

    kind: ``status`` answers ``status``/``body``/``headers``; ``truncate`` sends half of the right body as if it were all;
        ``cut`` closes the connection after half of it; ``empty`` and ``html`` are 200 without JSON; ``drop`` closes the
        connection without a byte; ``hang`` answers after ``seconds`` or when the faults are removed; ``heavy`` answers
        ``status`` to lists of more than ``rows`` records, ``poison`` to lists that hold one of the records ``keys``; ``impure`` sends the right body with
        ``characters`` (control, surrogate, latin1, bom) that JSON does not allow in the first text named ``field``;
        ``respell`` sends the right body with the fields in ``names`` under another name, at any depth; None sends them as
        null.
    path, method, query: which requests; ``path`` is a whole path or the beginning of one, ``query`` parameters that must have these values.
    skip, times: leave the first ``skip`` matching requests alone, then hit ``times`` (0: until removed).
    applied: let the request have its effect before a ``status`` or ``drop`` fault hides the answer.
    retry_after: seconds for the Retry-After header of a ``status`` fault.
    """

    kind: str = "status"
    path: str = "/"
    method: str = ""
    query: dict[str, str] = default(default_factory=dict)
    skip: int = 0
    times: int = 1
    status: int = 500
    body: Any = None
    headers: dict[str, str] = default(default_factory=dict)
    retry_after: float | None = None
    seconds: float = 3600.0
    names: dict[str, str | None] = default(default_factory=dict)
    applied: bool = False
    rows: int = 0
    keys: list[str] = default(default_factory=list)
    characters: str = "control"
    field: str = "description"
    seen: int = 0
    hits: int = 0

    def matches(self, method: str, path: str, query: Mapping[str, str]) -> bool:
        """Whether the fault applies to this request."""
        return (
            below(path, self.path)
            and self.method in ("", method)
            and all(query.get(name) == value for name, value in self.query.items())
        )


class FaultPlan:
    """The active faults, oldest first."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def order(self, values: dict[str, Any]) -> Fault:
        """Adds a fault. Raises ValueError for an unknown key or kind."""
        known = {f.name for f in fields(Fault)} - {"seen", "hits"}
        if unknown := set(values) - known:
            raise ValueError(f"unknown key {', '.join(sorted(unknown))}; known: {', '.join(sorted(known))}")
        fault = Fault(**values)
        if fault.kind not in KINDS:
            raise ValueError(f"kind is one of {', '.join(KINDS)}, not {fault.kind!r}")
        if fault.characters not in IMPURITIES:
            raise ValueError(f"characters is one of {', '.join(IMPURITIES)}, not {fault.characters!r}")
        self.faults.append(fault)
        return fault

    def take(self, method: str, path: str, query: Mapping[str, str]) -> Fault | None:
        """The fault for this request, if any."""
        hit: Fault | None = None
        for fault in self.faults:
            if not fault.matches(method, path, query):
                continue
            fault.seen += 1
            if hit is None and fault.seen > fault.skip and (fault.times == 0 or fault.hits < fault.times):
                fault.hits += 1
                hit = fault
        return hit
