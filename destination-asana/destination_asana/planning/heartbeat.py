"""The heartbeat: a task by which Asana itself shows that syncs have stopped. Its text, and which connection it is of. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from destination_asana.documents import comparable
from destination_asana.planning.descriptions import HEARTBEAT, Block, blocks_in

NAME = "Visma sync"
_LAST, _PROJECT, _COMPANIES, _STREAMS = "Last good sync", "Project", "Companies", "Streams"
_REMINDS = "Reminds"
# Asana documents no limit, but a row that people read should be short.
MOST_ROWS = 40


@dataclass(frozen=True, slots=True)
class Connection:
    """What distinguishes a connection from others: its register project, the companies of its records (empty if none came)
    and its streams, in the form for comparison."""

    project: str
    companies: frozenset[str]
    streams: frozenset[str]

    @classmethod
    def of(cls, project: str, companies: Collection[str], streams: Collection[str]) -> Connection:
        return cls(project, frozenset(map(comparable, companies)), frozenset(map(comparable, streams)))

    def may_be(self, other: Connection) -> bool:
        """Whether both may be the same connection, whose streams may have changed since. Unknown companies fit all."""
        if other.project not in ("", self.project):
            return False
        same_company = not self.companies or not other.companies or self.companies & other.companies
        return bool(same_company and (self.streams & other.streams or not other.streams))

    def closeness(self, other: Connection) -> tuple[int, int]:
        """How well two connections fit: first by their companies, then by their streams."""
        return len(self.companies & other.companies), len(self.streams & other.streams)


@dataclass(frozen=True, slots=True)
class Beat:
    """What a good sync writes into its heartbeat: the time, what it did, and whom Asana is to remind."""

    connection: Connection
    time: str
    did: Sequence[str]
    reminds: str

    @property
    def block(self) -> Block:
        """The block of the task's description. It is also the mark by which the next sync finds the task."""
        known = self.connection
        rows = [f"{_LAST}: {self.time}", *self.did[:MOST_ROWS]]
        rows += [f"{_COMPANIES}: {', '.join(sorted(known.companies))}"] if known.companies else []
        rows += [
            f"{_PROJECT}: {known.project}",
            f"{_STREAMS}: {', '.join(sorted(known.streams))}",
            f"{_REMINDS}: {self.reminds}",
        ]
        rows.append(
            "Each good sync moves the due date ahead. If this task is overdue, syncs have stopped or fail: look at the log of "
            "the last one. The sync finds this task by these rows; name, section, assignee and other text are yours."
        )
        return Block(HEARTBEAT, tuple(rows))


@dataclass(frozen=True, slots=True)
class HeartbeatTask:
    """A heartbeat in Asana: its connection, and whom it reminds according to its text."""

    gid: str
    created_at: str
    connection: Connection
    reminds: str | None


def heartbeat_in(task: Mapping[str, str | None]) -> HeartbeatTask | None:
    """The heartbeat that a task is, by the rows in its description; None for any other task."""
    rows = blocks_in(task.get("notes")).get(HEARTBEAT.header)
    if rows is None:
        return None
    values = dict(row.split(": ", 1) for row in rows if ": " in row)
    companies, streams = (_split(values.get(title)) for title in (_COMPANIES, _STREAMS))
    connection = Connection.of(values.get(_PROJECT, ""), companies, streams)
    return HeartbeatTask(str(task["gid"]), task.get("created_at") or "", connection, values.get(_REMINDS))


def ours(connection: Connection, found: Collection[HeartbeatTask]) -> HeartbeatTask | None:
    """The heartbeat of a connection: the one that fits best; of several, the oldest, because people copy tasks."""
    fitting = [each for each in found if connection.may_be(each.connection)]
    if not fitting:
        return None
    best = max(connection.closeness(each.connection) for each in fitting)
    return min(
        (each for each in fitting if connection.closeness(each.connection) == best),
        key=lambda each: (each.created_at, each.gid),
    )


def is_ambiguous(connection: Connection, found: Collection[HeartbeatTask]) -> bool:
    """Whether a connection whose company is not known fits heartbeats of several companies."""
    fitting = {each.connection.companies for each in found if connection.may_be(each.connection)}
    return not connection.companies and len(fitting) > 1


def _split(text: str | None) -> list[str]:
    return [each for each in (text or "").split(", ") if each]
