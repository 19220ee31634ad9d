"""Lines of standard input → messages. Messages stay raw, so that nothing the platform adds is lost."""

from __future__ import annotations

import json
import logging
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import orjson
from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from destination_asana.protocol.watermark import StreamKey

logger = logging.getLogger("airbyte")


class MessageKind(StrEnum):
    """How this connector treats a message. STATUS is the status of a stream; FAILURE an error of the source; ESTIMATE the number of rows that a stream has; FORWARD goes out unchanged; LOST begins like a
    message but cannot be read; NONE is skipped."""

    RECORD = "RECORD"
    STATE = "STATE"
    STATUS = "STATUS"
    FAILURE = "FAILURE"
    ESTIMATE = "ESTIMATE"
    FORWARD = "FORWARD"
    LOST = "LOST"
    NONE = "NONE"


@dataclass(slots=True)
class Message:
    """A line of the input. `stream` and `status` are set for a STATUS, `stream` and `rows` for an
    ESTIMATE."""

    kind: MessageKind
    raw: dict[str, Any] = field(default_factory=dict)
    stream: StreamKey = (None, None)
    status: str | None = None
    rows: int = 0


NOTHING = Message(MessageKind.NONE)
LOST = Message(MessageKind.LOST)

# Files that people saved by hand may begin with it. In concatenated files it may begin any line.
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
# An object or the beginning of one, in UTF-8 or in UTF-16, which some shells write.
_LIKE_A_MESSAGE = re.compile(rb"[\s\x00\xfe\xff]*\{[\s\x00]*(\"|$)")


def parse(line: bytes) -> Message:
    """Parses one line. Anything that is not a known Airbyte message is skipped with one log line. A line that begins like a
    message but cannot be read is LOST, because it may have been a record."""
    line = line.removeprefix(BYTE_ORDER_MARK)
    if not line.strip():
        return NOTHING
    try:
        return _known(_load(line))
    except (ValueError, RecursionError):
        if _LIKE_A_MESSAGE.match(line):
            return LOST
        logger.info(f"Skipped a line that is not JSON ({len(line)} bytes).")
        return NOTHING


def _known(raw: Any) -> Message:
    kind = raw.get("type") if isinstance(raw, dict) else None
    if kind in (MessageKind.RECORD, MessageKind.STATE):
        return Message(MessageKind(kind), raw) if _has_readable_stream(raw) else LOST
    if kind == "TRACE" and isinstance(raw.get("trace"), dict):
        return _trace(raw)
    if kind == "LOG" and _is_log(raw.get("log")):
        return Message(MessageKind.FORWARD, raw)
    logger.info(f"Skipped a message of type {str(kind)[:40]}.")
    return NOTHING


def _has_readable_stream(raw: dict[str, Any]) -> bool:
    """Whether a RECORD or STATE says in the protocol's form which stream it belongs to, as far as it says so at all."""
    record, state = _object(raw.get("record")), _object(raw.get("state"))
    descriptor = _object(state.get("stream")).get("stream_descriptor")
    if descriptor is None:
        return _is_name(record.get("namespace"))
    return isinstance(descriptor, dict) and all(_is_name(descriptor.get(key)) for key in ("name", "namespace"))


def _is_name(value: Any) -> bool:
    return value is None or isinstance(value, str)


def _is_log(value: Any) -> bool:
    return isinstance(value, dict) and isinstance(value.get("level"), str) and isinstance(value.get("message"), str)


def _key(namespace: Any, name: Any) -> StreamKey | None:
    """The key of a stream, or None if it is none."""
    return (namespace, name) if _is_name(namespace) and _is_name(name) else None


def lost_message(number: int) -> AirbyteTracedException:
    """The error that ends the sync at an unreadable line that begins like a message."""
    text = (
        f"Line {number} of the input begins like a message of the source, but it cannot be read: it is cut, mixed with other "
        "output, or not UTF-8. A record may be lost with it, so the sync ends here and releases no later state; the next sync "
        "reads from there again. If this happens again, check whether something else writes into the pipe between source and "
        "destination, and whether the source writes UTF-8."
    )
    return AirbyteTracedException(message=text, internal_message=text, failure_type=FailureType.system_error)


def dump(value: Any, option: int = 0) -> bytes:
    """A JSON value as UTF-8, with the options of orjson. It writes everything that `parse` accepts, even unpaired
    surrogates."""
    try:
        return orjson.dumps(value, option=option, default=str)
    except TypeError:
        indent = 2 if option & orjson.OPT_INDENT_2 else None
        return json.dumps(value, default=str, sort_keys=bool(option & orjson.OPT_SORT_KEYS), indent=indent).encode()


def _load(line: bytes) -> Any:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        # Python's own parser accepts unpaired surrogates, and numbers that are none, which some sources send. As texts, such
        # numbers are what they were in the quarantine file, too, and not null.
        return json.loads(line, parse_constant=str)


def _trace(raw: dict[str, Any]) -> Message:
    trace = raw["trace"]
    status = trace.get("stream_status")
    if trace.get("type") == "STREAM_STATUS" and isinstance(status, dict):
        descriptor = _object(status.get("stream_descriptor"))
        key, value = _key(descriptor.get("namespace"), descriptor.get("name")), status.get("status")
        return Message(MessageKind.STATUS, raw, key, value) if key and _is_name(value) else NOTHING
    estimate = trace.get("estimate")
    if trace.get("type") == "ESTIMATE" and isinstance(estimate, dict):
        rows = estimate.get("row_estimate")
        key = _key(estimate.get("namespace"), estimate.get("name"))
        return Message(MessageKind.ESTIMATE, raw, key, rows=rows if isinstance(rows, int) else 0) if key else NOTHING
    if trace.get("type") == "ERROR":
        logger.error(f"The source reports an error: {_object(trace.get('error')).get('message')}")
        return Message(MessageKind.FAILURE, raw)
    return NOTHING


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
