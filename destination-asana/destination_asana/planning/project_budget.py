"""The numbers of a project: sums over its budget rows, in the company's currency. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from destination_asana.documents import fields
from destination_asana.documents.errors import RecordError
from destination_asana.documents.projects import project_key
from destination_asana.documents.reader import Reader, half_up

# A project's costs are its expense rows. Visma does not say which words `type` takes; what is none of these counts.
_OTHER_TYPES = frozenset({"income", "asset", "assets", "liability", "liabilities"})
_AMOUNTS = ("revisedBudgetAmount", "committedAmount", "actualAmount", "committedInvoicedAmount", "committedOpenAmount")
_KEY = ("projectID", "projectTaskID", "accountGroupID", "inventoryNumber", "type")
# What of a record the sums need.
NEEDED = ("company_id", *_KEY, *_AMOUNTS)


@dataclass(frozen=True, slots=True)
class ProjectNumbers:
    """What a project may cost, what it has cost, and what is left. `remaining` takes off what is ordered and still open."""

    budget: Decimal
    committed: Decimal
    actual: Decimal
    invoiced: Decimal
    remaining: Decimal

    @property
    def fields(self) -> dict[str, float]:
        """The same by the names of the custom fields."""
        return {
            fields.BUDGET: float(self.budget),
            fields.COMMITTED: float(self.committed),
            fields.ACTUAL: float(self.actual),
            fields.INVOICED: float(self.invoiced),
            fields.REMAINING: float(self.remaining),
        }

    @classmethod
    def shown(cls, values: Mapping[str, Any]) -> ProjectNumbers | None:
        """The numbers that a card shows, by the names of its fields; None where it shows none of them. A field that is left
        out counts as 0: it is left out of the sum, too."""
        names = (fields.BUDGET, fields.COMMITTED, fields.ACTUAL, fields.INVOICED, fields.REMAINING)
        if all(values.get(name) is None for name in names):
            return None
        return cls(*(half_up(values.get(name) or 0, 2) for name in names))

    def __add__(self, other: ProjectNumbers) -> ProjectNumbers:
        """The numbers of several projects together, for an Asana project that stands for all of them."""
        return ProjectNumbers(
            self.budget + other.budget,
            self.committed + other.committed,
            self.actual + other.actual,
            self.invoiced + other.invoiced,
            self.remaining + other.remaining,
        )


NO_NUMBERS = ProjectNumbers(*[Decimal(0)] * 5)


def numbers_by_project(rows: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], ProjectNumbers]:
    """By company and project (as compared by `project_key`): the sums over the records of `project_budgets`. A record that
    comes again, with the same key, replaces the one before: the source has added the rows that share a key. Keys that differ
    in their letters alone came as records of their own, so they are added."""
    records = {row_key(row): Reader(row) for row in rows}
    sums: dict[tuple[str, str], list[Decimal]] = {}
    for reader in records.values():
        into = sums.setdefault(project_of(reader), [Decimal(0)] * 5)
        if project_key(reader.key("type") or "") in _OTHER_TYPES:
            continue
        for place, name in enumerate(_AMOUNTS):
            into[place] += reader.number(name) or 0
    return {key: _numbers(*amounts) for key, amounts in sums.items()}


def _numbers(
    budget: Decimal, committed: Decimal, actual: Decimal, invoiced: Decimal, still_open: Decimal
) -> ProjectNumbers:
    rounded = [half_up(amount, 2) for amount in (budget, committed, actual, invoiced, budget - actual - still_open)]
    return ProjectNumbers(*rounded)


def row_key(row: Mapping[str, Any]) -> tuple[str, ...]:
    """What tells a record of `project_budgets` from the others; parts that are null are empty."""
    return tuple(str(row.get(name) or "").strip() for name in ("company_id", *_KEY))


def project_of(row: Reader) -> tuple[str, str]:
    """The company and the project (as compared) of a record. Raises RecordError for one of no company."""
    company = row.key("company_id")
    if company is None:
        raise RecordError("company_id", "is missing, and without it the budget row belongs to no project")
    return company.casefold(), project_key(row.key("projectID") or "")


def prove(row: Reader) -> None:
    """Raises RecordError for a record that cannot be added."""
    project_of(row)
    row.key("type")
    for name in _AMOUNTS:
        row.money(name)
