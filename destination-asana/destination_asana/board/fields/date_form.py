"""The form in which Asana accepts the value of a date field: an object `{"date": "YYYY-MM-DD"}`, or the bare text."""

from __future__ import annotations

import threading
from typing import Any


class DateForm:
    """Asana's guide to custom fields shows the object, while its API reference describes the text. The object is tried
    first; a refusal before any date was accepted switches to the text. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._text = False
        self._proved = False

    def of(self, day: str) -> Any:
        """A day `YYYY-MM-DD` in the form to send."""
        return day if self._text else {"date": day}

    def taken(self, sent: Any) -> None:
        """Registers that Asana accepted a date in the form `sent`. Another refusal may have changed the form meanwhile."""
        with self._lock:
            self._text = isinstance(sent, str)
            self._proved = True

    @property
    def is_open(self) -> bool:
        """Whether the form is still unknown, so that a refusal of a date may be about its form."""
        return self._text or not self._proved

    def doubted(self) -> None:
        """Switches to the text after a refusal that may be about the form, unless a date was accepted before."""
        with self._lock:
            self._text = self._text or not self._proved

    def failed(self) -> None:
        """Registers that the second try was refused, too, so that the form was not the cause."""
        with self._lock:
            self._text = self._text and self._proved
