"""The numbers of a project: sums over its budget rows, in the company's currency. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from destination_asana.documents import FieldValues, Reader, RecordError, comparable, half_up, number_value, project_key
from destination_asana.documents import fields as names

# Only expense rows are costs. Visma does not document the values of `type`, so every row counts that is none of these.
_OTHER_TYPES = frozenset({"income", "asset", "assets", "liability", "liabilities"})
_AMOUNTS = ("revisedBudgetAmount", "committedAmount", "actualAmount", "committedInvoicedAmount", "committedOpenAmount")
_KEY = ("projectID", "projectTaskID", "accountGroupID", "inventoryNumber", "type")
# The parts of a record that the sums need.
NEEDED = ("company_id", *_KEY, *_AMOUNTS)


@dataclass(frozen=True, slots=True)
class ProjectNumbers:
    """The numbers of a project. `remaining` is the budget less the actual cost and the open commitments."""

    budget: Decimal
    committed: Decimal
    actual: Decimal
    invoiced: Decimal
    remaining: Decimal

    @property
    def fields(self) -> dict[str, float]:
        """The numbers by the names of their custom fields."""
        return {
            names.BUDGET: float(self.budget),
            names.COMMITTED: float(self.committed),
            names.ACTUAL: float(self.actual),
            names.INVOICED: float(self.invoiced),
            names.REMAINING: float(self.remaining),
        }

    @classmethod
    def of_card(cls, values: FieldValues) -> ProjectNumbers | None:
        """The numbers in a card's field `values`, by field name; None if all are empty. A field that the settings leave out
        counts as 0, because the sum leaves it out, too."""
        all_fields = (names.BUDGET, names.COMMITTED, names.ACTUAL, names.INVOICED, names.REMAINING)
        if all(values.get(name) is None for name in all_fields):
            return None
        return cls(*(half_up(number_value(values, name) or 0, 2) for name in all_fields))

    def __add__(self, other: ProjectNumbers) -> ProjectNumbers:
        """Adds the numbers of several Visma projects that share one Asana project."""
        return ProjectNumbers(
            self.budget + other.budget,
            self.committed + other.committed,
            self.actual + other.actual,
            self.invoiced + other.invoiced,
            self.remaining + other.remaining,
        )


NO_NUMBERS = ProjectNumbers(*[Decimal(0)] * 5)


def numbers_by_project(rows: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], ProjectNumbers]:
    """The sums over the records of `project_budgets`, by company and project (in the form of `project_key`).

    A record with the same key replaces an earlier one, because the source has already added the rows that share a key. Keys
    that differ only in case come as separate records, so they are added."""
    records = {row_key(row): Reader(row) for row in rows}
    sums: dict[tuple[str, str], list[Decimal]] = {}
    for reader in records.values():
        into = sums.setdefault(project_of(reader), [Decimal(0)] * 5)
        if comparable(reader.key("type")) in _OTHER_TYPES:
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
    """The key of a record of `project_budgets`; null parts are empty."""
    return tuple(str(row.get(name) or "") for name in ("company_id", *_KEY))


def project_of(row: Reader) -> tuple[str, str]:
    """The company and project (in comparable form) of a record. Raises RecordError without a company."""
    company = row.key("company_id")
    if company is None:
        raise RecordError("company_id", "is missing, and without it the budget row belongs to no project")
    return company.casefold(), project_key(row.key("projectID"))


def prove(row: Reader) -> None:
    """Raises RecordError for a record that cannot be added up."""
    project_of(row)
    row.key("type")
    for name in _AMOUNTS:
        row.money(name)
