"""The log, with one line for each act. Lines are added and never changed."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable
from typing import Any

from webhook_listener import clock, events, notes
from webhook_listener.clock import Clock
from webhook_listener.database import Database
from webhook_listener.events import Act, Entry, Event
from webhook_listener.visma import Reference


class Log:
    """The log in the database, and the events that left no line in it. Acts in `write_back` also queue a note."""

    def __init__(self, database: Database, clock: Clock, write_back: Collection[str]) -> None:
        self._database = database
        self._clock = clock
        self._write_back = write_back

    def add(
        self, connection: sqlite3.Connection, *, event: Event | None, task: str, visma_id: str | None, entry: Entry
    ) -> bool:
        """Adds a line, and its note, within a transaction. False if the event or story already has a line."""
        now = self._clock()
        number = append(
            connection,
            now,
            fingerprint=event.fingerprint if event else None,
            identity=event.identity if event else None,
            story_gid=entry.story,
            visma_id=visma_id,
            asana_gid=task,
            who=entry.who,
            who_gid=entry.who_gid,
            what=entry.what,
            detail=entry.detail,
            when=clock.iso(clock.parse(entry.at) or now),
        )
        if number is not None and entry.what in self._write_back and visma_id and Reference.of(visma_id):
            _order_note(connection, number, visma_id, entry)
        return number is not None

    def remember(self, connection: sqlite3.Connection, handled: Iterable[Event]) -> None:
        """Records within a transaction which events were handled, whether or not they left a line."""
        now = self._clock()
        seen = [(event.identity, event.moment, now) for event in handled]
        connection.executemany("INSERT OR IGNORE INTO seen VALUES (?, ?, ?)", seen)

    def knows(self, event: Event) -> bool:
        """Whether the event was handled before."""
        # For acts with stories, the stories tell two quick acts apart. There only an equal time stamp means the same event.
        leeway = 0.0005 if events.needs_stories(event) else events.SAME_EVENT_SECONDS
        earliest, latest = event.moment - leeway, event.moment + leeway
        found = self._database.one(
            "SELECT 1 FROM seen WHERE identity = ? AND at BETWEEN ? AND ? "
            'UNION ALL SELECT 1 FROM log WHERE identity = ? AND "when" BETWEEN ? AND ?',
            *(event.identity, earliest, latest),
            *(event.identity, clock.iso(earliest), clock.iso(latest)),
        )
        return found is not None

    def last_completion(self, task: str) -> Act | None:
        """The last completion or reopening in the log."""
        row = self._database.one(
            "SELECT what FROM log WHERE asana_gid = ? AND what IN ('completed', 'reopened') ORDER BY id DESC LIMIT 1",
            task,
        )
        return Act(row["what"]) if row else None

    def stories(self, task: str) -> set[str]:
        """The gids of the task's stories that have a line."""
        rows = self._database.all("SELECT story_gid FROM log WHERE asana_gid = ? AND story_gid IS NOT NULL", task)
        return {str(row["story_gid"]) for row in rows}

    def describes(self, task: str, entry: Entry, *, stories: bool) -> bool:
        """Whether a line describes the same act. Lines made from a story count only with `stories`."""
        moment = clock.parse(entry.at) or 0.0
        rows = self._database.all(
            'SELECT "when", story_gid FROM log WHERE asana_gid = ? AND what = ? AND who_gid IS ?',
            *(task, entry.what, entry.who_gid),
        )
        moments = [clock.parse(row["when"]) or 0.0 for row in rows if stories or row["story_gid"] is None]
        return any(abs(logged - moment) <= events.SAME_ACT_SECONDS for logged in moments)


def append(connection: sqlite3.Connection, now: float, **values: Any) -> int | None:
    """Adds a line with any columns and returns its number. None if the same event or story already has a line."""
    values["recorded_at"] = clock.iso(now)
    # Asana's JSON may contain an unpaired surrogate, which cannot be stored as text.
    values = {name: v.encode("utf-8", "replace").decode() if isinstance(v, str) else v for name, v in values.items()}
    columns = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join("?" for _ in values)
    cursor = connection.execute(f"INSERT OR IGNORE INTO log ({columns}) VALUES ({marks})", list(values.values()))  # noqa: S608
    return cursor.lastrowid if cursor.rowcount else None


def _order_note(connection: sqlite3.Connection, number: int, visma_id: str, entry: Entry) -> None:
    """Queues the note line for an act. If two acts within a minute read alike, milliseconds distinguish their lines."""
    for precise in (False, True):
        line = notes.line(entry.what, entry.who or "Asana", entry.detail, entry.at, precise)
        cursor = connection.execute(
            "INSERT OR IGNORE INTO notes (log_id, visma_id, line) VALUES (?, ?, ?)", (number, visma_id, line)
        )
        if cursor.rowcount:
            return
