"""Lists whose rows have no identity: rows that share a key become one record, their numbers added."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from airbyte_cdk.sources.types import StreamSlice

from source_visma.components.extractor import Page, Rows
from source_visma.components.lists import PagesRetriever
from source_visma.components.tally import Passes, Tally


@dataclass
class SumsRetriever(PagesRetriever):
    """Reads all rows before any record goes out: sums of a part of the rows would be wrong numbers.

    The list announces rows, so rows are counted, not records. Two rows that are alike on one page are two rows. Rows that are
    alike on different pages may be one row that moved, so that another pass with other pages has to bring as many of them.
    """

    ADDED = ("Qty", "Amount")  # endings of the names of fields that are added

    rows: list[dict[str, Any]] = field(default_factory=list)  # of the last pass
    found: dict[Any, dict[str, Any]] = field(default_factory=dict)  # of all passes, each row once
    before: Counter[str] | None = None  # what the pass before brought

    def whole(self, pages: Iterator[Page], wanted: StreamSlice, tally: Tally) -> Iterator[Rows]:
        """No records yet: the rows are kept until all of them have come."""
        self.rows = []
        for page in pages:
            self.rows += page
            self.found |= zip(self.units(page), page, strict=True)
        came = Counter(map(content, self.rows))
        if came == self.before and tally.total in (None, len(self.rows)) and not tally.grew:
            tally.counted, tally.moved = len(self.rows), ""
        self.before = came
        yield from ()

    def left(self) -> Rows:
        """The records, now that all rows came: in the last pass, or in several together."""
        rows = self.rows if len(self.rows) >= len(self.found) else list(self.found.values())
        return self.merged(rows)

    def hold(self, passes: Passes, wanted: StreamSlice) -> None:
        """Ends the stream as incomplete. The rows that came are not emitted."""
        super().hold(passes, wanted)
        if not self.unread:
            self.unread.append(f"The list moved in each of {len(passes.tallies)} passes.")

    def units(self, page: Page) -> list[Any]:
        """Rows, each by its content and the number of equal rows up to it on the page."""
        seen: Counter[str] = Counter()
        units = []
        for row in page:
            text = content(row)
            seen[text] += 1
            units.append((text, seen[text]))
        return units

    def merged(self, rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        """One record for each key. A part of the key that is null becomes empty."""
        groups: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
        for row in rows:
            for name in self._key_fields:
                if row.get(name) is None and not misspelled(row, name):
                    row[name] = ""
            groups.setdefault(self.key(row), []).append(row)
        return [self.sum(group) for group in groups.values()]

    def sum(self, rows: list[dict[str, Any]]) -> dict[str, Any]:
        """One record of rows that share a key. Quantities and amounts are added; other fields are those of the first row that has
        them."""
        record = dict(rows[0])
        for row in rows[1:]:
            for name, value in row.items():
                if record.get(name) is None:
                    record[name] = value
                elif value is not None and name.endswith(self.ADDED):
                    record[name] = float(Decimal(str(record[name])) + Decimal(str(value)))
        return record


def content(row: dict[str, Any]) -> str:
    """The content of a row, independent of the order of its fields."""
    return repr(sorted(row.items(), key=lambda item: item[0]))


def misspelled(row: dict[str, Any], name: str) -> bool:
    """Whether the row has the field under a name in another letter case."""
    return any(other != name and other.lower() == name.lower() for other in row)
