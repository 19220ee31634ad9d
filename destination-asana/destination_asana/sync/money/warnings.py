"""The warnings about orders whose numbers leave out invoices. Each is logged once."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable

from destination_asana.documents import comparable

logger = logging.getLogger("airbyte")


class MoneyWarnings:
    """Warns of what does not count, and why. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._warned: set[tuple[str, str]] = set()

    def ambiguous(self, company: str, number: str) -> None:
        """Several orders have this number."""
        if self._new(company.casefold(), [comparable(number)]):
            logger.warning(
                f"The order number {number} of company {company} belongs to a regular order and to a drop-ship order. Invoices "
                "name the number alone, so they count for neither. Look them up in Visma."
            )

    def unknown(self, visma_id: str, documents: Iterable[str]) -> None:
        """The amounts of these documents in the order's currency are not known."""
        new = self._new(visma_id, documents)
        if new:
            logger.warning(
                f"{visma_id}: documents are not counted, because their amounts in the order's currency are not known: "
                f"{', '.join(new)}. Either the records give no amounts to convert them (a line's `cost`, or the order's "
                "`lineTotal` and `lineTotalInBaseCurrency`), or somebody has edited the text of the sync in the tasks. Send the "
                "records of the order and of these documents again. If the warning stays, add these documents up in Visma."
            )

    def no_committed(self, visma_id: str) -> None:
        """The committed amount of the order is not known."""
        if self._new(visma_id, ["committed"]):
            logger.warning(
                f"{visma_id}: `Visma remaining` is emptied, because the committed amount is not known: its field is left out, "
                "and somebody has edited the block “Invoices of this order”. Both come back with the record of the order."
            )

    def _new(self, subject: str, of: Iterable[str]) -> list[str]:
        """Those of the things that were not named before."""
        with self._lock:
            new = [each for each in of if (subject, each) not in self._warned]
            self._warned.update((subject, each) for each in new)
        return new
