"""The report: a CSV file for a spreadsheet, one line per document of a sync."""

from __future__ import annotations

import csv
import io
import logging
import os
import re
import threading
from dataclasses import dataclass

from destination_asana.errors import config_error
from destination_asana.plain import plain
from destination_asana.protocol.files import make_folder_of, private

logger = logging.getLogger("airbyte")

HEADER = ("Visma ID", "action", "task address", "differences", "reason")
UNCHANGED = "unchanged"
# Excel tells UTF-8 by it.
BYTE_ORDER_MARK = "\ufeff"
# A cell of Excel holds 32,767 characters.
MOST_CHARACTERS = 32_000
# Spreadsheets run a cell that begins like this as a formula; some also run the wide forms.
_LIKE_A_FORMULA = tuple("=+-@＝＋－＠")
_NUMBER = re.compile(r"[+-]?\d[\d ]*(?:[.,]\d+)?(?: [A-Z]{3})?")
# Where lists are separated by semicolons, as in Norway, Excel takes each part of a text between semicolons for a cell.
# A part that begins with a space is text.
_AFTER_SEMICOLON = re.compile(r"(?<=;)([=+\-@＝＋－＠][^;]*)")


@dataclass(frozen=True, slots=True)
class Line:
    """The line of one document. `action` is one of created, adopted, updated, unchanged, quarantined."""

    visma_id: str | None
    action: str
    address: str = ""
    differences: str = ""
    reason: str = ""

    @property
    def cells(self) -> list[str]:
        """The cells in the order of HEADER."""
        return [self.visma_id or "", self.action, self.address, self.differences, self.reason]


class Report:
    """Writes the report of one sync; without a path it does nothing. Thread-safe.

    A line is written whole as soon as something is done to its document, so that it survives a kill. The first such line of
    a document stays. What is unchanged may still change in the same sync, such as an order when its invoice comes, so
    these lines wait for `close`.
    """

    def __init__(self, path: str | None) -> None:
        self._file = _opened(path) if path else None
        self._lock = threading.Lock()
        self._written: set[str] = set()
        self._unchanged: dict[str, Line] = {}
        if self._file is not None:
            self._write(BYTE_ORDER_MARK + _row(HEADER))

    @property
    def wanted(self) -> bool:
        """Whether there is a file to write to."""
        return self._file is not None

    def add(self, line: Line) -> None:
        """Adds the line of a document. A record without an identity gets a line of its own."""
        if self._file is None:
            return
        key = (line.visma_id or "").casefold()
        with self._lock:
            if key and key in self._written:
                return
            if line.action == UNCHANGED:
                self._unchanged.setdefault(key, line)
                return
            self._written.add(key)
            self._unchanged.pop(key, None)
            self._write(_row(line.cells))

    def close(self) -> None:
        """Writes the lines of the documents that nothing was done to."""
        with self._lock:
            for line in self._unchanged.values():
                self._write(_row(line.cells))
            self._unchanged = {}
            if self._file is not None:
                self._file.close()
                self._file = None

    def _write(self, text: str) -> None:
        if self._file is None:
            return
        try:
            self._file.write(text.encode("utf-8", "replace"))
        except OSError as error:
            # The documents are in Asana, which matters more than their list.
            logger.warning(
                f"report_path: the report ends here, because its file cannot be written any more ({error.strerror}). The sync "
                "goes on; the audit log and the summary are complete."
            )
            self._file = None


def _opened(path: str) -> io.FileIO:
    """Opens an empty file that only its owner may read, because it holds amounts. Without a buffer, so that each line is
    written by one call."""
    try:
        make_folder_of(path)
        file = io.FileIO(path, "w", opener=private)
    except OSError as error:
        raise config_error(
            f"report_path: cannot write to {path} ({error.strerror}). In Docker, name a file inside a mounted volume that the "
            "container's user (uid 1000) may write. Nothing was written."
        ) from None
    try:
        # A file of an earlier sync, made by hand, may be open to others.
        os.chmod(path, 0o600)
    except OSError:
        logger.info(f"report_path: {path} belongs to another user, so its permissions stay as they are.")
    return file


def _row(cells: list[str] | tuple[str, ...]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow([_cell(each) for each in cells])
    return text.getvalue()


def _cell(text: str) -> str:
    """A cell on one line that no spreadsheet runs as a formula. A number, with or without its currency, stays as it is."""
    text = " ".join(plain(text).split())
    if len(text) > MOST_CHARACTERS:
        text = text[:MOST_CHARACTERS] + " …"
    return _AFTER_SEMICOLON.sub(lambda found: _harmless(found[1]), _harmless(text))


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(_LIKE_A_FORMULA) and not _NUMBER.fullmatch(text.strip()) else text
