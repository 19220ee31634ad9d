"""Typed reading of a Visma record. Null means empty; a value of the wrong type is an error that names its field. Pure."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from destination_asana.documents.errors import RecordError
from destination_asana.documents.texts import comparable

# Asana stores numbers as JSON numbers: beyond 15 significant digits cents would be lost.
LARGEST_AMOUNT = Decimal("9999999999999.99")
CENT = Decimal("0.01")
# Control characters and unpaired surrogates, which XML or UTF-8 cannot carry.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")


def half_up(number: Decimal | float, places: int) -> Decimal:
    """Rounds as in accounting: halves away from zero. A result of zero has no sign."""
    rounded = Decimal(str(number)).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return rounded or abs(rounded)


class Reader:
    """Reads one object of a record. All methods return None for a missing or null value and raise RecordError for a value
    of the wrong type. These errors carry `visma_id`, once it is known."""

    __slots__ = ("_data", "_path", "visma_id")

    def __init__(self, data: Mapping[str, Any], path: str = "", visma_id: str | None = None) -> None:
        self._data = data
        self._path = path
        self.visma_id = visma_id

    def raw(self, name: str) -> Any:
        return self._data.get(name)

    def key(self, name: str) -> str | None:
        """A part of the key: text or a whole number, never empty."""
        value = self._data.get(name)
        if isinstance(value, bool) or not isinstance(value, (str, int, type(None))):
            raise self._wrong(name, "text", value)
        return None if value is None else _UNPRINTABLE.sub("", str(value)).strip() or None

    def text(self, name: str) -> str | None:
        """Text without surrounding spaces; empty text is None. A number is read as text."""
        value = self._data.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (str, int, float)):
            raise self._wrong(name, "text", value)
        return _UNPRINTABLE.sub("", str(value)).strip() or None

    def word(self, name: str) -> str:
        """One of Visma's own words, in the form used for comparison; empty without one."""
        return comparable(self.text(name))

    def number(self, name: str) -> Decimal | None:
        """A number, from a JSON number or from text."""
        value = self._data.get(name)
        if value is None or value == "":
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float, str)):
            raise self._wrong(name, "a number", value)
        try:
            number = Decimal(str(value).strip())
        except InvalidOperation:
            # A comma may stand for a decimal point or separate thousands, so it is not guessed at.
            wanted = "a number with a decimal point" if "," in str(value) else "a number"
            raise self._wrong(name, wanted, value) from None
        if not number.is_finite():
            raise self._wrong(name, "a number", value)
        # −0 becomes 0.
        return number or abs(number)

    def first_number(self, *names: str) -> Decimal | None:
        """The first of several fields that has a number."""
        return next((number for name in names if (number := self.number(name)) is not None), None)

    def money(self, name: str) -> Decimal | None:
        """An amount as Visma wrote it, in the currency of that field."""
        number = self.number(name)
        return None if number is None else self.bounded(name, number)

    def bounded(self, name: str, amount: Decimal) -> Decimal:
        """Returns an amount of the field `name`. Raises RecordError if it is larger than Asana can store."""
        if abs(amount) > LARGEST_AMOUNT:
            raise RecordError(self._path + name, f"{amount} is larger than Asana can store to the cent", self.visma_id)
        return amount

    def integer(self, name: str) -> int | None:
        """A whole number."""
        number = self.number(name)
        if number is None:
            return None
        if number != number.to_integral_value():
            raise self._wrong(name, "a whole number", self._data.get(name))
        return int(number)

    def date(self, name: str) -> str | None:
        """A calendar date `YYYY-MM-DD` from Visma's time stamp, which has no zone. .NET's empty date (year 1) is None."""
        value = self._data.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            raise self._wrong(name, "a date", value)
        text = value.strip()
        try:
            if len(text) > 10 and text[10] not in "T ":
                raise ValueError
            day = datetime.date.fromisoformat(text[:10])
        except ValueError:
            raise self._wrong(name, "a date", value) from None
        return day.isoformat() if day.year >= 1900 else None

    def object(self, name: str) -> Reader:
        """A nested object; null reads as an empty object."""
        value = self._data.get(name)
        if value is None:
            value = {}
        if not isinstance(value, Mapping):
            raise self._wrong(name, "an object", value)
        return Reader(value, f"{self._path}{name}.", self.visma_id)

    def objects(self, name: str) -> list[Reader]:
        """A list of objects; null reads as an empty list. Null items are skipped."""
        value = self._data.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise self._wrong(name, "a list", value)
        readers = []
        for position, item in enumerate(value):
            if item is None:
                continue
            if not isinstance(item, Mapping):
                raise RecordError(f"{self._path}{name}[{position}]", "should be an object", self.visma_id)
            readers.append(Reader(item, f"{self._path}{name}[{position}].", self.visma_id))
        return readers

    def _wrong(self, name: str, wanted: str, value: Any) -> RecordError:
        return RecordError(self._path + name, f"should be {wanted}, but is {_described(value)}", self.visma_id)


def _described(value: Any) -> str:
    kinds = {dict: "an object", list: "a list", bool: f"the truth value {str(value).lower()}"}
    return kinds.get(type(value)) or f"“{' '.join(_UNPRINTABLE.sub('', str(value)).split())[:60]}”"
