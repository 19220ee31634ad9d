"""Looks up the content of a delivery at Asana. Each task and its history are read once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from webhook_listener import clock, events
from webhook_listener.asana import Asana
from webhook_listener.database import Database
from webhook_listener.deliveries import READ_AGAIN
from webhook_listener.events import Act, Entry, Event
from webhook_listener.log import Log
from webhook_listener.metrics import Metrics


@dataclass(frozen=True)
class Found:
    """An entry for the log and its document. `visma_id` is None for a task that is no longer known."""

    event: Event | None
    task: str
    visma_id: str | None
    entry: Entry

    @property
    def moment(self) -> float:
        """Seconds since 1970."""
        return clock.parse(self.entry.at) or 0.0


@dataclass(frozen=True)
class Happened:
    """What a delivery says of one task: all new events, whether or not they are worth a line, and the lines, oldest first."""

    fresh: Sequence[Event]
    found: Sequence[Found]


class Lookup:
    """Reads from Asana. Every method raises CallError."""

    def __init__(self, asana: Asana, database: Database, log: Log, metrics: Metrics) -> None:
        self._asana = asana
        self._database = database
        self._log = log
        self._metrics = metrics
        self._names: dict[str, str | None] = {}

    def content(self, content: Any) -> Iterator[Happened]:
        """The new events in the content of a delivery, and the entries for the log, task by task: what was read before Asana
        refuses a call need not be read again."""
        own = self._own_user()
        raw = content.get("events") if isinstance(content, dict) else None
        again = content.get(READ_AGAIN) if isinstance(content, dict) else None
        fresh = self._fresh(raw if isinstance(raw, list) else [], own)
        by_task: dict[str, list[Event]] = {}
        for event in fresh:
            by_task.setdefault(event.task, []).append(event)
        for gid, of_task in by_task.items():
            found = self._happened(gid, sorted(of_task, key=lambda e: e.moment), own)
            yield Happened(of_task, sorted(found, key=lambda f: f.moment))
        if again:
            found = self._happened_since(again["task"], clock.parse(again["since"]) or 0.0, own)
            yield Happened((), sorted(found, key=lambda f: f.moment))

    def _own_user(self) -> str:
        """The gid of the token's user, whose changes count as the sync's own."""
        known = self._database.fact("own_user")
        if known is None:
            known = str(self._asana.me()["gid"])
            self._database.remember("own_user", known)
        return known

    def _fresh(self, raw: Sequence[Any], own: str) -> list[Event]:
        """The events that may concern a document, were caused by somebody else and have not been handled yet."""
        fresh: dict[str, Event] = {}
        for event in map(events.parse, raw):
            if event is None:
                self._metrics.events.labels("irrelevant").inc()
            elif event.user == own:
                self._metrics.events.labels("own").inc()
            elif event.fingerprint in fresh or self._log.knows(event):
                self._metrics.events.labels("repeated").inc()
            else:
                fresh[event.fingerprint] = event
        return list(fresh.values())

    def _happened(self, gid: str, of_task: Sequence[Event], own: str) -> list[Found]:
        """The entries for a task's events, oldest first. Empty for a task that is not a document."""
        task = self._asana.task(gid)
        if task is None:
            return self._deleted(gid, of_task)
        visma_id = self._document(gid, task)
        if visma_id is None:
            self._metrics.events.labels("no_document").inc(len(of_task))
            return []
        found, stories = [], []
        by_stories = [event.moment for event in of_task if events.needs_stories(event)]
        if by_stories:
            stories = self._asana.stories(gid)
            entries = self._from_stories(gid, stories, min(by_stories) - events.SAME_ACT_SECONDS, own)
            found = [Found(None, gid, visma_id, self._signed(entry)) for entry in entries]
        last = self._log.last_completion(gid)
        for event in of_task:
            if events.owned(event, task):
                self._metrics.events.labels("owned_field").inc()
                continue
            entry = None if events.has_story(event, stories) else self._entry(event, task, last)
            if entry is not None:
                last = entry.what if entry.what in (Act.COMPLETED, Act.REOPENED) else last
                found.append(Found(event, gid, visma_id, self._signed(entry)))
        return found

    def _happened_since(self, gid: str, since: float, own: str) -> list[Found]:
        """The entries from a task and its history for a time whose events are lost."""
        task = self._asana.task(gid)
        visma_id = self._document(gid, task) if task else None
        if task is None or visma_id is None:
            return []
        stories = self._asana.stories(gid)
        entries = self._from_stories(gid, stories, since, own)
        state = events.from_state(task)
        if state and not any(story.get("resource_subtype") == "marked_complete" for story in stories):
            news = _by_others(state, since, own) and not self._log.describes(gid, state, stories=True)
            entries += [state] if news else []
        return [Found(None, gid, visma_id, self._signed(entry)) for entry in entries]

    def _document(self, gid: str, task: dict[str, Any]) -> str | None:
        """The task's Visma ID, which is stored in case the task is deleted later."""
        visma_id = events.visma_id(task)
        if visma_id is not None:
            self._database.run("INSERT OR REPLACE INTO documents VALUES (?, ?)", gid, visma_id)
        return visma_id

    def _deleted(self, gid: str, of_task: Sequence[Event]) -> list[Found]:
        """The entry for a task that is deleted or no longer visible. Its document is known from an earlier reading."""
        row = self._database.one("SELECT visma_id FROM documents WHERE asana_gid = ?", gid)
        if row is None:
            return []
        gone = [event for event in of_task if event.action == "deleted"]
        return [Found(e, gid, row["visma_id"], self._signed(Entry(Act.DELETED, e.at, None, e.user))) for e in gone]

    def _entry(self, event: Event, task: dict[str, Any], last: Act | None) -> Entry | None:
        if event.story is not None:
            story = self._asana.story(event.story)
            return events.commented(event, story) if story else None
        if event.field == "completed":
            return events.completion(event, task, last)
        value = self._name(event.value) if event.field == "assignee" else None
        return events.from_event(event, task, value)

    def _from_stories(self, gid: str, stories: Sequence[dict[str, Any]], since: float, own: str) -> list[Entry]:
        """The entries from a task's history since a moment that are not in the log yet."""
        logged = self._log.stories(gid)
        entries = [entry for entry in map(events.from_story, stories) if entry and entry.story not in logged]
        recent = [entry for entry in entries if _by_others(entry, since, own)]
        return [entry for entry in recent if not self._log.describes(gid, entry, stories=False)]

    def _signed(self, entry: Entry) -> Entry:
        name = entry.who or (self._name(entry.who_gid) if entry.who_gid else "Asana") or f"user {entry.who_gid}"
        return replace(entry, who=name)

    def _name(self, gid: str | None) -> str | None:
        if gid is None:
            return None
        if gid not in self._names:
            self._names[gid] = self._asana.user_name(gid)
        return self._names[gid]


def _by_others(entry: Entry, since: float, own: str) -> bool:
    """Whether the act happened since that moment and was not the sync's own."""
    return (clock.parse(entry.at) or 0.0) >= since and entry.who_gid != own
