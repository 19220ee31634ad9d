"""Records as lines of the protocol: written out where they are read, many at once."""

import time
from collections.abc import Iterator
from typing import Any

import orjson
from airbyte_cdk.entrypoint import AirbyteEntrypoint
from airbyte_cdk.sources.types import Record
from airbyte_cdk.sources.utils.record_helper import stream_data_to_airbyte_message


class Lines(Record):
    """Several records of a stream, as the lines that go to the output. For the CDK's engine it is one record.

    A record on its own costs the engine as much as parsing it: a place in the queue between threads, a message, two copies.
    """

    LARGEST = 250_000  # bytes, from which on the next record begins other lines

    def __init__(self, stream: str, lines: list[bytes]) -> None:
        super().__init__({"records": len(lines)}, stream)
        self.count = len(lines)
        self.text = b"".join(lines)

    @classmethod
    def of(cls, batch: list[dict[str, Any]], stream: str) -> Iterator["Lines"]:
        """All records of a batch."""
        now = time.time_ns() // 1_000_000
        lines: list[bytes] = []
        size = 0
        for data in batch:
            lines.append(line_of(data, stream, now))
            size += len(lines[-1])
            if size >= cls.LARGEST:
                yield cls(stream, lines)
                lines, size = [], 0
        if lines:
            yield cls(stream, lines)


def line_of(data: dict[str, Any], stream: str, now: int) -> bytes:
    """One record's line, byte for byte as the CDK writes it: fields that are null are left out, but not those below them."""
    absent = [name for name, value in data.items() if value is None]
    present = data
    if absent:
        present = dict(data)
        for name in absent:
            del present[name]
    record = {"stream": stream, "data": present, "emitted_at": now}
    try:
        return orjson.dumps({"type": "RECORD", "record": record}, option=orjson.OPT_APPEND_NEWLINE)
    except TypeError:  # a value that orjson cannot write, for which the CDK has another way
        return f"{AirbyteEntrypoint.airbyte_message_to_string(stream_data_to_airbyte_message(stream, data))}\n".encode()
