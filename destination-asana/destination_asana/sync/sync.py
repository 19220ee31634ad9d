"""One sync: the messages of the input, in their order, to Asana and back as released states."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from destination_asana.asana.client import Client
from destination_asana.asana.errors import AsanaError, UnreachableError
from destination_asana.board.task_index import MOST_SEARCHES
from destination_asana.config import Config
from destination_asana.documents.document import Document
from destination_asana.documents.entries import entry_of
from destination_asana.documents.errors import RecordError
from destination_asana.documents.visma_ids import identity, prefixes_of, visma_id_of
from destination_asana.errors import config_error
from destination_asana.protocol.messages import Message, lost_message, parse
from destination_asana.protocol.stdin import read_ahead
from destination_asana.protocol.watermark import StreamKey, Ticket, Watermark
from destination_asana.sync.document_stream import Upserter
from destination_asana.sync.explained import explained
from destination_asana.sync.pool import Job, KeyedPool
from destination_asana.sync.reassignment import Brought, reassign
from destination_asana.sync.rejections import Rejections
from destination_asana.sync.streams import Stream, streams_of
from destination_asana.sync.target import Services, Target
from destination_asana.writing.attention import document_of
from destination_asana.writing.vocabulary import Vocabulary

logger = logging.getLogger("airbyte")

# More than the 15 writes Asana takes at once, so that a finished write finds the next one waiting.
WORKERS = 24
# Records read ahead of Asana; bounds the memory, and keeps standard input moving while Asana throttles.
READ_AHEAD = 5000
HEARTBEAT_SECONDS = 60.0


class Sync:
    """Writes one input. `emit` gets every protocol message that goes back, as a raw object."""

    def __init__(
        self, config: Config, catalog: Mapping[str, Any], client: Client, emit: Callable[[dict[str, Any]], None]
    ) -> None:
        self._config = config
        self._emit = emit
        self._streams = streams_of(config, catalog)
        self._services = Services.of(config, client)
        self._targets: dict[str, Target] = {}
        self._waiting: dict[str, list[tuple[str, Job]]] = {}
        self._watermark = Watermark(self._release)
        self._pool = KeyedPool(WORKERS)
        self._last_sign = time.monotonic()
        self._stopping = threading.Event()
        self._companies: set[str] = set()
        self._lost: AirbyteTracedException | None = None
        self._rejections = Rejections(config, self._services, self._watermark, self._target, self._identify)
        for stream in self._streams.values():
            if stream.route.kind in ("task", "project"):
                stream.upserter = Upserter(stream.route, self._target(stream.route.project_gid))

    # --- the input -------------------------------------------------------------------------------------------------

    def run(self, lines: Iterable[bytes], stopping: threading.Event) -> None:
        """Works through the input to its end, or until `stopping` is set. Raises what ended it early, if anything;
        by then every STATE whose records are in Asana has left."""
        self._stopping = stopping
        try:
            number = 0
            for line in read_ahead(lines):
                if stopping.is_set() or self._refused is not None or self._pool.failure is not None:
                    break
                if line is None:
                    self._open_waiting()
                    self._sign_of_life()
                else:
                    number += 1
                    self._take(parse(line), number)
            if not stopping.is_set() and self._pool.failure is None:
                self._finish()
        except Exception as error:
            self._pool.failure = self._pool.failure or error
        finally:
            self._pool.stop(6.0 if stopping.is_set() else 120.0)
        ended_by = self._pool.failure or self._refused
        if ended_by is not None:
            raise explained(ended_by)

    def _take(self, message: Message, number: int) -> None:
        if message.kind == "RECORD":
            self._take_record(message.raw.get("record"))
        elif message.kind == "STATE":
            self._open_waiting()
            self._write_entries()
            self._watermark.state(message.raw)
        elif message.kind == "STATUS":
            if message.status == "COMPLETE":
                for stream in self._named(message.stream):
                    stream.complete = True
            self._open_waiting()
            self._write_entries()
        elif message.kind == "FORWARD":
            self._emit(message.raw)
        elif message.kind == "LOST":
            # What came before it is still written, so that the states before it can leave; no later one may.
            self._lost = self._lost or lost_message(number)
        self._sign_of_life()

    def _take_record(self, record: Any) -> None:
        if not isinstance(record, dict) or not isinstance(record.get("stream"), str):
            raise config_error(
                "A RECORD message without a stream came in; the source does not speak the Airbyte protocol."
            )
        key: StreamKey = (record.get("namespace"), record["stream"])
        stream = self._streams.get(key) or next(iter(self._named(key)), None)
        if stream is None:
            raise config_error(
                f"A record of the stream “{record['stream']}” came in, but the configured catalog does not list that stream. "
                "Refresh the connection's schema, or add the stream to the catalog."
            )
        ticket = self._watermark.record((record.get("namespace"), record["stream"]))
        stream.records += 1
        data = record.get("data")
        if isinstance(data, dict) and data.get("company_id") is not None:
            self._companies.add(str(data["company_id"]).strip().casefold())
        while not self._watermark.wait_below(READ_AHEAD, 1.0):
            self._open_waiting()
            self._write_entries()
            self._sign_of_life()
            # Of records that were refused none is ever finished: waiting for them would last for ever.
            if not self._going_on():
                return
        try:
            self._route_record(stream, record, ticket)
        except RecordError as error:
            visma_id = error.visma_id or visma_id_of(stream.route.source, record.get("data"))
            if stream.upserter is None or visma_id is None:
                self._reject_later(stream, record, ticket, error)
            else:
                # In its turn among the versions of its document, and where that can be looked up.
                rejected = error
                self._admit(
                    stream, identity(visma_id), lambda: self._rejections.reject(stream, record, ticket, rejected)
                )

    def _route_record(self, stream: Stream, record: Mapping[str, Any], ticket: Ticket) -> None:
        data = record.get("data")
        if stream.route.source == "dimensions" and isinstance(data, dict):
            self._services.segments.learn(data)
        if stream.route.kind == "ignore":
            self._services.summary.count(stream.route.stream, "ignored")
            self._watermark.done(ticket)
        elif stream.route.kind == "enum_options":
            entry = entry_of(stream.route.source, data, self._services.segments)
            if entry is None:
                self._services.summary.count(stream.route.stream, "ignored")
                self._watermark.done(ticket)
            else:
                stream.entries.append((entry, record, ticket))
        elif stream.upserter is not None:
            document = stream.upserter.translate(data)  # type: ignore[arg-type]
            self._admit(stream, document.key, self._job(stream, document, record, ticket))

    def _admit(self, stream: Stream, key: str, job: Job) -> None:
        """Hands a document's job to the workers as soon as its project is open."""
        target = self._target(stream.route.project_gid)
        if target.opened:
            self._pool.submit(key, job)
            return
        waiting = self._waiting.setdefault(target.project_gid, [])
        waiting.append((key, job))
        if len(waiting) >= MOST_SEARCHES:
            self._open_waiting()

    def _open_waiting(self) -> None:
        """Opens the projects documents are waiting for: how many there are decides how they are looked up."""
        for project_gid, waiting in list(self._waiting.items()):
            everything = any(self._marks_missing(stream) for stream in self._streams.values())
            many = everything or len(waiting) >= MOST_SEARCHES
            self._identify()
            self._target(project_gid).open(None if many else len(waiting))
            del self._waiting[project_gid]
            for key, job in waiting:
                self._pool.submit(key, job)

    def _job(self, stream: Stream, document: Document, record: Mapping[str, Any], ticket: Ticket) -> Job:
        def job() -> None:
            try:
                stream.upserter.upsert(document)  # type: ignore[union-attr]
            except RecordError as error:
                self._rejections.reject(stream, record, ticket, error)
            except (AsanaError, UnreachableError) as error:
                raise error.as_traced(f"Writing {document.label} ({document.visma_id})") from error
            else:
                self._watermark.done(ticket)

        return job

    def _identify(self) -> None:
        """Before the first write of any kind: what stops the sync has to stop it before it has written anything."""
        with_documents = (stream.route.project_gid for stream in self._streams.values() if stream.upserter is not None)
        self._services.identify(with_documents)

    # --- what is not a document ------------------------------------------------------------------------------------

    def _write_entries(self) -> None:
        for stream in self._streams.values():
            if stream.entries:
                self._identify()
                batch, stream.entries = stream.entries, []
                if stream.vocabulary is None:
                    fields = self._services.fields
                    executor = self._services.executor.options()
                    stream.vocabulary = Vocabulary(
                        fields, executor, stream.route.custom_field or "", stream.route.project_gid
                    )
                result = stream.vocabulary.apply([entry for entry, _, _ in batch])
                for action, number in result.counts.items():
                    self._services.summary.count(stream.route.stream, action, number)
                for entry, record, ticket in batch:
                    refusal = result.refused.get(entry.origin)
                    if refusal is not None:
                        self._reject_later(stream, record, ticket, refusal)
                        continue
                    attention = self._target(stream.route.project_gid).attention
                    attention.close(document_of(stream.route.stream, record.get("data"), None))
                    self._watermark.done(ticket)

    def _reject_later(self, stream: Stream, record: Mapping[str, Any], ticket: Ticket, error: RecordError) -> None:
        self._pool.submit(str(id(ticket)), lambda: self._rejections.reject(stream, record, ticket, error))

    # --- the end ---------------------------------------------------------------------------------------------------

    def _finish(self) -> None:
        self._open_waiting()
        self._write_entries()
        self._drain()
        if self._going_on():
            self._mark_missing()
            self._drain()
        if self._going_on():
            reassign(self._targets.values(), self._services, self._brought(), self._pool.submit)
            self._drain()
        services = self._services
        services.fields.settle_owners()
        services.summary.log(services.client, services.assignees, services.fields)
        if not services.executor.writes:
            logger.info(
                "Dry run: the numbers above are what would happen. Nothing was written and no state was released."
            )

    def _brought(self) -> Brought:
        kinds: dict[str, set[str]] = {}
        for stream in self._streams.values():
            if stream.upserter is not None:
                seen = {scope.partition(":")[0] for scope in stream.upserter.scopes}
                kinds.setdefault(stream.route.project_gid, set()).update(seen | prefixes_of(stream.route.source))
        return Brought(frozenset(self._companies), kinds)

    @property
    def _refused(self) -> AirbyteTracedException | None:
        """What lets no later STATE leave, while what came before it is still written."""
        return self._rejections.refused or self._lost

    def _going_on(self) -> bool:
        return self._pool.failure is None and self._refused is None and not self._stopping.is_set()

    def _drain(self) -> None:
        while not self._pool.drain(1.0) and not self._stopping.is_set():
            self._sign_of_life()

    def _marks_missing(self, stream: Stream) -> bool:
        return self._config.mark_missing and stream.overwrite and stream.upserter is not None

    def _mark_missing(self) -> None:
        if not self._config.mark_missing:
            return
        # Of all streams: two of them may bring documents of one kind and company.
        seen = {key for stream in self._streams.values() if stream.upserter for key in stream.upserter.seen}
        for stream in self._streams.values():
            upserter = stream.upserter
            if upserter is None or not self._marks_missing(stream) or not (stream.complete and stream.records):
                continue
            if stream.nameless:
                logger.warning(
                    f"{stream.route.stream}: {stream.nameless} records without identity came, so it is not known which documents "
                    "are missing; none is marked."
                )
                continue
            for snapshot in self._target(stream.route.project_gid).index.all():
                key = identity(snapshot.visma_id)
                if key not in seen and any(key.startswith(scope) for scope in upserter.scopes):
                    self._pool.submit(key, lambda u=upserter, s=snapshot: u.mark_gone(s))  # type: ignore[misc]

    def _release(self, message: dict[str, Any]) -> None:
        if self._services.executor.writes:
            self._emit(message)

    def _sign_of_life(self) -> None:
        if time.monotonic() - self._last_sign >= HEARTBEAT_SECONDS:
            self._last_sign = time.monotonic()
            traffic = self._services.client.traffic
            logger.info(
                f"Still writing: {self._watermark.unfinished} records wait for Asana; {traffic.writes} writes and "
                f"{traffic.reads} reads so far."
            )

    def _target(self, project_gid: str) -> Target:
        if project_gid not in self._targets:
            self._targets[project_gid] = Target(self._services, project_gid)
        return self._targets[project_gid]

    def _named(self, key: StreamKey) -> Iterable[Stream]:
        return [stream for (_, name), stream in self._streams.items() if name == key[1]]
