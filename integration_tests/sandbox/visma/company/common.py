"""Code that all parts of the seeded company share: its calendar, random choices, money, and ids made from numbers."""

from __future__ import annotations

import random
import uuid
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from integration_tests.sandbox.visma import stamps
from integration_tests.sandbox.visma.company import names
from integration_tests.sandbox.visma.store import Record, RowVersions

# The books end on this day and begin sixteen months earlier. Fixed, so that every start brings the same company.
LAST_DAY = date(2026, 9, 30)
FIRST_DAY = date(2025, 6, 2)


@dataclass
class Books:
    """The company under construction."""

    versions: RowVersions
    dice: random.Random
    records: dict[str, list[Record]] = field(default_factory=dict)
    dimensions: list[Record] = field(default_factory=list)
    _indexes: dict[str, dict[str, Record]] = field(default_factory=dict)

    def moment_after(self, day: date, days: int = 20) -> str:
        """A stamp in office hours within this many days after the day, not later than the last day."""
        latest = max(0, (LAST_DAY - day).days)
        when = day + timedelta(days=self.dice.randint(0, min(days, latest)))
        start = datetime(when.year, when.month, when.day, 7)
        return stamps.render(start + timedelta(milliseconds=self.dice.randint(0, 10 * 3600 * 1000)))

    def day(self) -> date:
        """A working day of the books; the business grows, so later ones are likelier."""
        span = (LAST_DAY - FIRST_DAY).days
        day = FIRST_DAY + timedelta(days=max(self.dice.randint(0, span), self.dice.randint(0, span)))
        return day - timedelta(days=max(0, day.weekday() - 4))

    def find(self, table: str, field_name: str, value: str) -> Record:
        """The record with this value. Raises KeyError."""
        index = self._indexes.setdefault(table, {})
        if not index:
            index.update((record[field_name], record) for record in self.records[table])
        return index[value]

    def one_of(self, table: str) -> Record:
        """Any record of the table."""
        return self.dice.choice(self.records[table])


def midnight(day: date) -> str:
    """A date as the service writes it."""
    return f"{day.isoformat()}T00:00:00"


def period(day: date) -> str:
    """The financial period, YYYYMM."""
    return f"{day:%Y%m}"


def post_period(day: date) -> str:
    """The same period the way ``postPeriod`` has it, MMYYYY."""
    return f"{day:%m%Y}"


def money(value: float) -> float:
    """Two decimals."""
    return round(value + 0.0, 2)


def uuid_of(*parts: object) -> str:
    """The same id for the same parts, every time."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "/".join(str(part) for part in ("fjordlys", *parts))))


def address(number: int, country: str, city: str, dice: random.Random) -> Record:
    """A postal address."""
    streets = ("Strandgaten", "Kongens gate", "Industriveien", "Øvregaten", "Havnegata", "Bjørkeveien")
    return {
        "addressId": number,
        "addressLine1": f"{dice.choice(streets)} {dice.randint(1, 140)}",
        "addressLine2": "Postboks 12" if number % 7 == 0 else "",
        "addressLine3": "",
        "postalCode": f"{dice.randint(1, 9990):04d}",
        "city": city,
        "country": {"id": country, "name": names.COUNTRIES[country]},
    }


def contact(number: int, name: str, email: str, dice: random.Random) -> Record:
    """A contact."""
    return {
        "contactId": number,
        "name": name,
        "attention": "Regnskap" if number % 3 == 0 else "",
        "email": email,
        "web": f"https://{email.partition('@')[2]}",
        "phone1": f"+47 55 {dice.randint(10, 99)} {dice.randint(10, 99)} {dice.randint(10, 99)}",
        "phone2": None,
    }


def domain(name: str) -> str:
    """A web domain made of a name, below .example."""
    plain = name.lower().translate(str.maketrans("æøåäöüéñèáà", "aoaaouenaaa"))
    words = "".join(character if character.isalnum() else " " for character in plain).split()
    return f"{'-'.join(words[:2])}.example"


def pick(record: Record, *fields: str) -> dict[str, Any]:
    """Some fields of a record."""
    return {name: record[name] for name in fields}
