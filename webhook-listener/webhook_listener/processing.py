"""From a stored delivery to lines in the log: events are looked up in Asana one task at a time, and settled all at once."""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from webhook_listener import clock, events, notes
from webhook_listener.asana import Asana
from webhook_listener.clock import Clock
from webhook_listener.database import Database
from webhook_listener.events import Entry, Event
from webhook_listener.http import ServiceError, UnreachableError
from webhook_listener.metrics import Metrics
from webhook_listener.visma import Reference
from webhook_listener.worker import Rest, pause

logger = logging.getLogger(__name__)
READ_AGAIN = "read_again"
IDLE_SECONDS = 30.0


@dataclass(frozen=True)
class Found:
    """An entry for the log, with the document it belongs to. `visma_id` is None for a task nobody knows any more."""

    event: Event | None
    task: str
    visma_id: str | None
    entry: Entry


class Processor:
    """Works off the deliveries; the one writer of the log's events."""

    def __init__(
        self,
        *,
        database: Database,
        asana: Asana,
        clock: Clock,
        write_back: frozenset[str],
        metrics: Metrics,
        notes_news: threading.Event,
    ) -> None:
        self._database = database
        self._asana = asana
        self._clock = clock
        self._write_back = write_back
        self._metrics = metrics
        self._notes_news = notes_news
        self._names: dict[str, str | None] = {}
        self._rest = Rest()

    def step(self) -> float:
        """Deals with the next delivery that is due; returns the seconds until another may be."""
        if self._rest.left:
            return self._rest.left
        now = self._clock()
        row = self._database.one(
            "SELECT id, body, attempts FROM deliveries WHERE done_at IS NULL AND not_before <= ? ORDER BY id LIMIT 1",
            now,
        )
        if row is None:
            due = self._database.number("SELECT min(not_before) FROM deliveries WHERE done_at IS NULL")
            return min(IDLE_SECONDS, max(0.05, due - now)) if due else IDLE_SECONDS
        try:
            self._process(row["id"], json.loads(row["body"]))
        except (ServiceError, UnreachableError) as error:
            retry_after = getattr(error, "retry_after", None)
            wait = retry_after or pause(row["attempts"])
            if not isinstance(error, ServiceError) or error.passing or error.status == 401:
                self._rest.begin(retry_after, wait)
            logger.warning(f"{error}. {self._waiting()} wait for Asana; next try in {wait:.0f} s.")
            self._database.run(
                "UPDATE deliveries SET attempts = attempts + 1, not_before = ? WHERE id = ?",
                self._clock() + wait,
                row["id"],
            )
        except Exception:
            # Set aside with a growing pause, so that one delivery nobody thought of does not hold up the others.
            self._database.run(
                "UPDATE deliveries SET attempts = attempts + 1, not_before = ? WHERE id = ?",
                self._clock() + pause(row["attempts"] + 5),
                row["id"],
            )
            raise
        return 0

    def _waiting(self) -> str:
        count = int(self._database.number("SELECT count(*) FROM deliveries WHERE done_at IS NULL"))
        return f"{count} deliver{'y' if count == 1 else 'ies'}"

    def own_user(self) -> str:
        """The gid of the token's user, whose changes are the sync's own."""
        known = self._database.fact("own_user")
        if known is None:
            known = str(self._asana.me()["gid"])
            self._database.remember("own_user", known)
        return known

    def _process(self, delivery: int, content: Any) -> None:
        own = self.own_user()
        found: list[Found] = []
        fresh: list[Event] = []
        by_task: dict[str, list[Event]] = {}
        raw = content.get("events") if isinstance(content, dict) else None
        for event in map(events.parse, raw if isinstance(raw, list) else []):
            if event is None:
                self._metrics.events.labels("irrelevant").inc()
            elif event.user == own:
                self._metrics.events.labels("own").inc()
            elif self._known(event) or event.fingerprint in {one.fingerprint for one in fresh}:
                self._metrics.events.labels("repeated").inc()
            else:
                by_task.setdefault(event.task, []).append(event)
                fresh.append(event)
        for gid, of_task in by_task.items():
            found += self._look_up(gid, sorted(of_task, key=lambda e: e.moment), own)
        again = content.get(READ_AGAIN) if isinstance(content, dict) else None
        if again:
            found += self._read_again(again["task"], clock.parse(again["since"]) or 0.0, own)
        self._settle(delivery, fresh, sorted(found, key=lambda f: clock.parse(f.entry.at) or 0.0))

    def _known(self, event: Event) -> bool:
        # What stories tell apart may follow at once; only the very same stamp is the same event there.
        leeway = 0.0005 if events.needs_stories(event) else events.SAME_EVENT_SECONDS
        earliest, latest = event.moment - leeway, event.moment + leeway
        found = self._database.one(
            "SELECT 1 FROM seen WHERE identity = ? AND at BETWEEN ? AND ? "
            'UNION ALL SELECT 1 FROM log WHERE identity = ? AND "when" BETWEEN ? AND ?',
            *(event.identity, earliest, latest),
            *(event.identity, clock.iso(earliest), clock.iso(latest)),
        )
        return found is not None

    def _look_up(self, gid: str, of_task: Sequence[Event], own: str) -> list[Found]:
        task = self._asana.task(gid)
        if task is None:
            return self._of_missing_task(gid, of_task)
        visma_id = events.visma_id(task)
        if visma_id is None:
            self._metrics.events.labels("no_document").inc(len(of_task))
            return []
        self._database.run("INSERT OR REPLACE INTO documents VALUES (?, ?)", gid, visma_id)
        found, stories = [], []
        by_stories = [event.moment for event in of_task if events.needs_stories(event)]
        if by_stories:
            stories = self._asana.stories(gid)
            entries = self._untold(gid, stories, min(by_stories) - events.SAME_ACT_SECONDS, own)
            found = [Found(None, gid, visma_id, self._signed(entry)) for entry in entries]
        last = self._last_completion(gid)
        for event in of_task:
            if events.owned(event, task):
                self._metrics.events.labels("owned_field").inc()
                continue
            entry = None if events.has_story(event, stories) else self._entry(event, task, last)
            if entry is not None:
                last = entry.what if entry.what in ("completed", "reopened") else last
                found.append(Found(event, gid, visma_id, self._signed(entry)))
        return found

    def _entry(self, event: Event, task: dict[str, Any], last: str | None) -> Entry | None:
        if event.story is not None:
            story = self._asana.story(event.story)
            return events.commented(event, story) if story else None
        if event.field == "completed":
            return events.completion(event, task, last)
        value = self._name(event.value) if event.field == "assignee" else None
        return events.told(event, task, value)

    def _untold(self, gid: str, stories: Sequence[dict[str, Any]], since: float, own: str) -> list[Entry]:
        """What a task's own history tells since a moment that is not in the log yet."""
        logged = self._database.all('SELECT story_gid, what, who_gid, "when" FROM log WHERE asana_gid = ?', gid)
        told = {row["story_gid"] for row in logged}
        candidates = [entry for entry in map(events.from_story, stories) if entry and entry.story not in told]
        return [entry for entry in candidates if _news(entry, since, own, logged)]

    def _of_missing_task(self, gid: str, of_task: Sequence[Event]) -> list[Found]:
        """A deleted task (or one out of sight) can only be told of, under the Visma ID it was last seen with."""
        row = self._database.one("SELECT visma_id FROM documents WHERE asana_gid = ?", gid)
        if row is None:
            return []
        gone = [event for event in of_task if event.action == "deleted"]
        return [Found(e, gid, row["visma_id"], self._signed(Entry("deleted", e.at, None, e.user))) for e in gone]

    def _read_again(self, gid: str, since: float, own: str) -> list[Found]:
        """What happened to a task in a time its events are lost of."""
        task = self._asana.task(gid)
        visma_id = events.visma_id(task) if task else None
        if task is None or visma_id is None:
            return []
        self._database.run("INSERT OR REPLACE INTO documents VALUES (?, ?)", gid, visma_id)
        stories = self._asana.stories(gid)
        entries = self._untold(gid, stories, since, own)
        state = events.from_state(task)
        if state and not any(story.get("resource_subtype") == "marked_complete" for story in stories):
            logged = self._database.all(
                'SELECT NULL AS story_gid, what, who_gid, "when" FROM log WHERE asana_gid = ?', gid
            )
            entries += [state] if _news(state, since, own, logged) else []
        return [Found(None, gid, visma_id, self._signed(entry)) for entry in entries]

    def _last_completion(self, gid: str) -> str | None:
        row = self._database.one(
            "SELECT what FROM log WHERE asana_gid = ? AND what IN ('completed', 'reopened') ORDER BY id DESC LIMIT 1",
            gid,
        )
        return row["what"] if row else None

    def _signed(self, entry: Entry) -> Entry:
        name = entry.who or (self._name(entry.who_gid) if entry.who_gid else "Asana") or f"user {entry.who_gid}"
        return Entry(entry.what, entry.at, name, entry.who_gid, entry.detail, entry.story)

    def _name(self, gid: str | None) -> str | None:
        if gid is None:
            return None
        if gid not in self._names:
            self._names[gid] = self._asana.user_name(gid)
        return self._names[gid]

    def _settle(self, delivery: int, fresh: Sequence[Event], found: Sequence[Found]) -> None:
        """Log, notes to write and the delivery's end in one transaction: all of it survives a kill, or none."""
        now = self._clock()
        added = []
        with self._database.transaction() as connection:
            for item in found:
                number = append(
                    connection,
                    now,
                    fingerprint=item.event.fingerprint if item.event else None,
                    identity=item.event.identity if item.event else None,
                    story_gid=item.entry.story,
                    visma_id=item.visma_id,
                    asana_gid=item.task,
                    who=item.entry.who,
                    who_gid=item.entry.who_gid,
                    what=item.entry.what,
                    detail=item.entry.detail,
                    when=clock.iso(clock.parse(item.entry.at) or now),
                )
                if number is None:
                    continue
                added.append(item)
                if item.entry.what in self._write_back and item.visma_id and Reference.of(item.visma_id):
                    _order_note(connection, number, item)
            seen = [(event.identity, event.moment, now) for event in fresh]
            connection.executemany("INSERT OR IGNORE INTO seen VALUES (?, ?, ?)", seen)
            connection.execute("UPDATE deliveries SET done_at = ? WHERE id = ?", (now, delivery))
        self._notes_news.set()
        for item in added:
            self._metrics.events.labels("logged").inc()
            logger.info(f"{item.visma_id}: {item.entry.what} by {item.entry.who}")


def _news(entry: Entry, since: float, own: str, logged: Sequence[sqlite3.Row]) -> bool:
    """Whether it happened since, by somebody else than the sync, and no line without a story tells of it."""
    moment = clock.parse(entry.at) or 0.0
    if moment < since or entry.who_gid == own:
        return False
    for row in logged:
        same = row["story_gid"] is None and row["what"] == entry.what and row["who_gid"] == entry.who_gid
        if same and abs((clock.parse(row["when"]) or 0.0) - moment) <= events.SAME_ACT_SECONDS:
            return False
    return True


def append(connection: sqlite3.Connection, now: float, **values: Any) -> int | None:
    """Adds a line to the log; returns its number, None when the same event or story has one already."""
    values["recorded_at"] = clock.iso(now)
    # Half an emoji is legal in Asana's JSON, and no text that could be stored.
    values = {name: v.encode("utf-8", "replace").decode() if isinstance(v, str) else v for name, v in values.items()}
    columns = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join("?" for _ in values)
    cursor = connection.execute(f"INSERT OR IGNORE INTO log ({columns}) VALUES ({marks})", list(values.values()))  # noqa: S608
    return cursor.lastrowid if cursor.rowcount else None


def _order_note(connection: sqlite3.Connection, number: int, item: Found) -> None:
    """Two acts that read alike within a minute are told apart by their milliseconds, so that each keeps its line."""
    entry = item.entry
    for precise in (False, True):
        line = notes.line(entry.what, entry.who or "Asana", entry.detail, entry.at, precise)
        cursor = connection.execute(
            "INSERT OR IGNORE INTO notes (log_id, visma_id, line) VALUES (?, ?, ?)", (number, item.visma_id, line)
        )
        if cursor.rowcount:
            return
