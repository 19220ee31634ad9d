"""This machine's clock, in one place, so that tests can replace it."""

import time


class Clock:
    """Seconds, and waiting for some of them."""

    def now(self) -> float:
        """Seconds since some fixed moment; never goes back."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Waits."""
        time.sleep(seconds)


CLOCK = Clock()
