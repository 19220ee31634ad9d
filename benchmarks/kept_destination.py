"""Keeps one DestinationAsana for many syncs: kept_destination CONFIG CATALOG SYNCS DOCUMENTS.

Each sync changes all documents. The last line is JSON: what this process held after each sync.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from airbyte_cdk.models import AirbyteMessage, AirbyteMessageSerializer, ConfiguredAirbyteCatalogSerializer
from destination_asana.destination import DestinationAsana

from benchmarks.measure import held
from integration_tests.destination_messages import line, order, state


def main(config: str, catalog: str, syncs: int, documents: int) -> None:
    """Runs the syncs, one after the other."""
    settings = json.loads(Path(config).read_text())
    configured = ConfiguredAirbyteCatalogSerializer.load(json.loads(Path(catalog).read_text()))
    destination = DestinationAsana()
    after = [held()]
    for number in range(1, syncs + 1):
        released = list(destination.write(settings, configured, messages(number, documents)))
        assert len(released) == 1, "each sync releases its one STATE"
        after.append(held(after[-1]))
    print(json.dumps(after[1:]))


def messages(sync: int, documents: int) -> Iterator[AirbyteMessage]:
    """The documents as they are at the time of a sync: another total, a later stamp."""
    moment = f"2026-01-{1 + sync // 24:02d}T{sync % 24:02d}:00:00"
    for number in range(1, documents + 1):
        changed = {"orderTotal": 100.0 * sync + number, "lastModifiedDateTime": moment}
        message = order(number, lines=[line(1, cost=float(sync)), line(2)], **changed)
        yield AirbyteMessageSerializer.load(message)
    yield AirbyteMessageSerializer.load(state("purchase_orders"))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
