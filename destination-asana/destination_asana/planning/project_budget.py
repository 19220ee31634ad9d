"""The numbers of a project: sums over its budget rows, in the company's currency. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from destination_asana.documents.projects import project_key
from destination_asana.documents.reader import Reader, half_up

# A project's costs are its expense rows. Visma does not say which words `type` takes; what is none of these counts.
_OTHER_TYPES = frozenset({"income", "asset", "assets", "liability", "liabilities"})
_KEY = ("projectID", "projectTaskID", "accountGroupID", "inventoryNumber", "type")


@dataclass(frozen=True, slots=True)
class ProjectNumbers:
    """What a project may cost, what it has cost, and what is left. `remaining` takes off what is ordered and still open."""

    budget: Decimal
    committed: Decimal
    actual: Decimal
    invoiced: Decimal
    remaining: Decimal

    def __add__(self, other: ProjectNumbers) -> ProjectNumbers:
        """The numbers of several projects together, for an Asana project that stands for all of them."""
        return ProjectNumbers(
            self.budget + other.budget,
            self.committed + other.committed,
            self.actual + other.actual,
            self.invoiced + other.invoiced,
            self.remaining + other.remaining,
        )


def numbers_by_project(rows: Iterable[Mapping[str, Any]]) -> dict[tuple[str, str], ProjectNumbers]:
    """By company and project (as compared by `project_key`): the sums over the records of `project_budgets`. A record that
    comes again, with the same key, replaces the one before: the source has added the rows that share a key."""
    records = {tuple(_part(row, name) for name in ("company_id", *_KEY)): Reader(row) for row in rows}
    sums: dict[tuple[str, str], list[Decimal]] = {}
    for key, reader in records.items():
        into = sums.setdefault((key[0], key[1]), [Decimal(0)] * 5)
        if key[-1] in _OTHER_TYPES:
            continue
        for place, name in enumerate(
            ("revisedBudgetAmount", "committedAmount", "actualAmount", "committedInvoicedAmount", "committedOpenAmount")
        ):
            into[place] += reader.number(name) or 0
    return {key: _numbers(*amounts) for key, amounts in sums.items()}


def _numbers(
    budget: Decimal, committed: Decimal, actual: Decimal, invoiced: Decimal, still_open: Decimal
) -> ProjectNumbers:
    rounded = [half_up(amount, 2) for amount in (budget, committed, actual, invoiced, budget - actual - still_open)]
    return ProjectNumbers(*rounded)


def _part(row: Mapping[str, Any], name: str) -> str:
    """A part of the key as it is compared; empty where it is null."""
    return project_key(str(row.get(name) or ""))
