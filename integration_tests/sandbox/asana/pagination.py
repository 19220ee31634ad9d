"""Pages of listings: `limit`, opaque offsets that belong to one query and expire, and listings without `limit`.

Rules: Asana developer docs, "Pagination"; texts as observed.
"""

import base64
import json
from collections.abc import Callable, Sequence
from typing import Any

from .errors import bad
from .settings import Settings

TOO_LARGE = (
    "The result is too large. You should use pagination (may require specifying a workspace) to limit the result."
)
EXPIRED = "offset: Your pagination token has expired."
INVALID = "offset: Your pagination token is invalid."


class Offsets:
    """Issues offsets and accepts them again. Each is valid for its own query, for some minutes."""

    def __init__(self, settings: Settings, now: Callable[[], float]) -> None:
        self.settings = settings
        self.now = now
        self._known: dict[str, tuple[str, int, str, float]] = {}
        self._expired_before = 0

    def make(self, query: str, position: int, last_gid: str) -> str:
        number = len(self._known) + 1
        raw = json.dumps({"n": number, "t": int(self.now() * 1000)}).encode()
        token = "eyJ0eXAi" + base64.urlsafe_b64encode(raw).decode().rstrip("=")
        self._known[token] = (query, position, last_gid, self.now())
        return token

    def take(self, token: str, query: str) -> tuple[int, str]:
        """The position and gid of the last row already returned. Raises ApiError 400 for an invalid or expired offset."""
        known = self._known.get(token)
        if known is None or known[0] != query:
            raise bad(INVALID)
        if self.now() - known[3] > self.settings.offset_lifetime:
            raise bad(EXPIRED)
        return known[1], known[2]

    def expire_all(self) -> None:
        self._known = {token: (*entry[:3], float("-inf")) for token, entry in self._known.items()}


def parse_limit(text: Any) -> int | None:
    if text is None:
        return None
    try:
        limit = int(str(text))
    except ValueError:
        raise bad(f"limit: Value is not an integer: {text}") from None
    if not 1 <= limit <= 100:
        raise bad("limit: Must be between 1 and 100")
    return limit


def cut(
    rows: Sequence[Any],
    limit: int | None,
    offset: str | None,
    query: str,
    offsets: Offsets,
    keep: Callable[[Any], bool] | None = None,
    late_page_limit: int | None = None,
) -> tuple[list[Any], str | None]:
    """The rows of one page, and the offset of the next one (None on the last page, or without `limit`).

    `keep` filters `rows`. An offset remembers its position, so rows that disappear before it shift nothing.
    """
    settings = offsets.settings
    if limit is None:
        if offset is not None:
            raise bad("limit: Must be given when an offset is")
        chosen = [row for row in rows if keep is None or keep(row)]
        if len(chosen) > settings.unlimited_refused:
            raise bad(TOO_LARGE)
        return chosen[: settings.unlimited_cut], None
    start = 0
    if offset is not None:
        start = _resume(rows, *offsets.take(offset, query))
    if late_page_limit is not None and start >= late_page_limit:
        raise bad(TOO_LARGE)
    page: list[Any] = []
    for position in range(start, len(rows)):
        row = rows[position]
        if keep is None or keep(row):
            if len(page) == limit:
                return page, offsets.make(query, position, rows[position - 1].gid)
            page.append(row)
    return page, None


def _resume(rows: Sequence[Any], position: int, last_gid: str) -> int:
    if 0 < position <= len(rows) and rows[position - 1].gid == last_gid:
        return position
    for index, row in enumerate(rows):
        if row.gid == last_gid:
            return index + 1
    return min(position - 1, len(rows))
