"""Documents that payments and receipts may change without a new stamp."""

from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from airbyte_cdk.models import FailureType
from airbyte_cdk.sources.types import StreamSlice
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_visma.components.cursor import StampCursor
from source_visma.components.errors import give_up
from source_visma.components.extractor import Rows
from source_visma.components.lists import PagesRetriever
from source_visma.components.slices import slice_of
from source_visma.components.stamps import Stamp


@dataclass
class DocumentsRetriever(PagesRetriever):
    """Reads what changed, then the documents dated within ``reread_days``, changed or not.

    The manifest's request filters by the documents' own date when the slice has ``dated_since``.
    """

    def read_slice(self, wanted: StreamSlice) -> Iterator[Rows]:
        """The slice's records, then those that are read again, none twice. A read of everything reads nothing again."""
        emitted, cursor, days = array("q"), self.stamps, int(self.config.get("reread_days") or 0)
        if not (days and cursor and cursor.reached):
            yield from self.read(wanted, emitted)
            return
        yield from self.read(wanted, emitted)
        if not cursor.reached:  # the state was ignored meanwhile, and everything was read
            return
        cursor.settle()  # a failure from here on must not lose what was read
        yield from self.read_again(cursor, day_before(self.requester.gate.clock.now(), days), emitted)

    def read_again(self, cursor: StampCursor, day: str, emitted: "array[int]") -> Iterator[Rows]:
        """The documents dated that day or later. They do not move the state, because what lies between them was not read."""
        seen, held = cursor.seen, cursor.held
        try:
            for batch in self.read(slice_of(dated_since=day), emitted, again=True, part=True):
                yield [
                    data for data in batch if not cursor.first or Stamp.reaches(data.get(cursor.field), cursor.first)
                ]
        except AirbyteTracedException as error:
            give_up(
                error.failure_type or FailureType.system_error,
                f"{error.message} This came while documents dated {day} or later were read again (reread_days). What "
                "changed since the last sync was read before, and its state is saved.",
            )
        finally:
            cursor.seen, cursor.held = seen, held


def day_before(now: datetime, days: int) -> str:
    """The date so many days before a moment of Visma's clock (UTC).

    Visma's local date is that of UTC or, late in the evening, the next one: UTC's reads a day more then, never one less.
    """
    return (now - timedelta(days=days)).date().isoformat()
