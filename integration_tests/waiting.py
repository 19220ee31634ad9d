"""The one way in which tests wait: for what another process does, as long as it takes."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(look: Callable[[], T], seconds: float = 240.0) -> T:
    """What `look` finds, as soon as it finds anything; fails with its last answer after so many seconds."""
    end = time.monotonic() + seconds
    while not (found := look()) and time.monotonic() < end:
        time.sleep(0.02)
    assert found, f"nothing after {seconds:g} s: {found!r}"
    return found
