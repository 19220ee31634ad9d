"""How Asana takes the value of a date field: as an object `{"date": "YYYY-MM-DD"}`, or as that text alone."""

from __future__ import annotations

import re
import threading
from typing import Any


class DateForm:
    """Asana's guide to custom fields shows the object, the reference of the API speaks of the text. The object is tried
    first; a refusal before any date was taken switches to the text. Thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._text = False
        self._proved = False

    def of(self, day: str) -> Any:
        """A day `YYYY-MM-DD` as it goes out."""
        return day if self._text else {"date": day}

    def taken(self, sent: Any) -> None:
        """Notes that Asana took a date as it was `sent`; meanwhile another refusal may have changed the form."""
        with self._lock:
            self._text = isinstance(sent, str)
            self._proved = True

    def may_be_meant(self, said: str) -> bool:
        """Whether a refusal may be about the form of a date, so that the same write is worth a try in the other form."""
        return bool(re.search(r"\bdates?\b|date_value|yyyy", said)) and (self._text or not self._proved)

    def doubted(self) -> None:
        """Goes over to the text after a refusal that may be about the form, unless a date was taken before."""
        with self._lock:
            self._text = self._text or not self._proved

    def failed(self) -> None:
        """Notes that the second try was refused, too: it was not the form."""
        with self._lock:
            self._text = self._text and self._proved
