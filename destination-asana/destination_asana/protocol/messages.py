"""Lines of standard input → messages, kept raw so that nothing the platform adds is lost."""

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
    """What a message is to this connector: STATUS is of a stream, FORWARD goes out as it came, LOST begins like a message and
    cannot be read, NONE is passed over."""

    RECORD = "RECORD"
    STATE = "STATE"
    STATUS = "STATUS"
    FORWARD = "FORWARD"
    LOST = "LOST"
    NONE = "NONE"


@dataclass(slots=True)
class Message:
    """A line of the input; `stream` and `status` are those of a STATUS."""

    kind: MessageKind
    raw: dict[str, Any] = field(default_factory=dict)
    stream: StreamKey = (None, None)
    status: str | None = None


NOTHING = Message(MessageKind.NONE)
LOST = Message(MessageKind.LOST)

# Files that people saved by hand begin with it; put together, they have it at the beginning of any line.
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
# An object, or the beginning of one, in UTF-8 or, as some shells write files, in UTF-16.
_LIKE_A_MESSAGE = re.compile(rb"[\s\x00\xfe\xff]*\{[\s\x00]*(\"|$)")


def parse(line: bytes) -> Message:
    """One line. What is not an Airbyte message this connector knows is passed over with one log line; what begins like
    one and cannot be read may have been a record, so that it is LOST."""
    line = line.removeprefix(BYTE_ORDER_MARK)
    if not line.strip():
        return NOTHING
    try:
        return _known(_load(line))
    except (ValueError, RecursionError):
        if _LIKE_A_MESSAGE.match(line):
            return LOST
        logger.info(f"Passed over a line that is not JSON ({len(line)} bytes).")
        return NOTHING


def _known(raw: Any) -> Message:
    kind = raw.get("type") if isinstance(raw, dict) else None
    if kind in (MessageKind.RECORD, MessageKind.STATE):
        return Message(MessageKind(kind), raw)
    if kind == "TRACE" and isinstance(raw.get("trace"), dict):
        return _trace(raw)
    if kind == "LOG":
        return Message(MessageKind.FORWARD, raw)
    logger.info(f"Passed over a message of type {str(kind)[:40]}.")
    return NOTHING


def lost_message(number: int) -> AirbyteTracedException:
    """Why the sync ends at a line that began like a message."""
    words = (
        f"Line {number} of the input begins like a message of the source, but it cannot be read: it is cut, mixed with other "
        "output, or not UTF-8. A record may be lost with it, so that the sync ends here and no later state is released: the "
        "next sync reads from there again. If that happens again, see whether something else writes into the pipe between "
        "source and destination, and whether the source writes UTF-8."
    )
    return AirbyteTracedException(message=words, internal_message=words, failure_type=FailureType.system_error)


def dump(value: Any, option: int = 0) -> bytes:
    """A JSON value as UTF-8; `option` are orjson's. What `parse` has let in goes out again, halves of surrogate pairs
    and all."""
    try:
        return orjson.dumps(value, option=option, default=str)
    except TypeError:
        indent = 2 if option & orjson.OPT_INDENT_2 else None
        return json.dumps(value, default=str, sort_keys=bool(option & orjson.OPT_SORT_KEYS), indent=indent).encode()


def _load(line: bytes) -> Any:
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        # Python's own parser takes lone halves of surrogate pairs, which some sources let through.
        return json.loads(line)


def _trace(raw: dict[str, Any]) -> Message:
    trace = raw["trace"]
    status = trace.get("stream_status")
    if trace.get("type") == "STREAM_STATUS" and isinstance(status, dict):
        descriptor = _object(status.get("stream_descriptor"))
        return Message(
            MessageKind.STATUS, raw, (descriptor.get("namespace"), descriptor.get("name")), status.get("status")
        )
    if trace.get("type") == "ERROR":
        logger.error(f"The source reports an error: {_object(trace.get('error')).get('message')}")
    return NOTHING


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
