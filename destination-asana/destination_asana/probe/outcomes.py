"""What came of an attempt at a request that Asana may refuse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from destination_asana.asana import OF_CONTENT, OF_CONTENT_OR_GONE, AsanaError


def refused(attempt: Callable[[], Any], *, gone_too: bool = False) -> int:
    """The status with which Asana refuses the content of a request; 0 if it takes it. Raises AsanaError for any other
    refusal: rights, plan and rate limit are no answers to a question on content."""
    try:
        attempt()
    except AsanaError as error:
        if error.refusal in (OF_CONTENT_OR_GONE if gone_too else OF_CONTENT):
            return error.status
        raise
    return 0
