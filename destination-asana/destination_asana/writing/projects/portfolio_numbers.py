"""Numbers as custom fields of Asana projects, which have such fields only through a portfolio."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import Protocol

from destination_asana.asana import UNAVAILABLE, AsanaError, Client
from destination_asana.board import NamedProject, Portfolios
from destination_asana.board.fields import CustomFields
from destination_asana.planning import Differences, LeftOut, Reason, plan_text
from destination_asana.writing.outcome import PartOutcome

logger = logging.getLogger("airbyte")


class PortfolioExecutor(Protocol):
    """Writes numbers to Asana projects."""

    def apply(self, project: NamedProject, numbers: Differences) -> PartOutcome:
        """Adds a project to the portfolio and writes the numbers that differ, (before, after) by field name."""


class PortfolioNumbers:
    """Writes through one portfolio. A refusal by one project is a warning, because the numbers are on the card, too."""

    def __init__(self, client: Client, fields: CustomFields, portfolios: Portfolios, portfolio_gid: str) -> None:
        self._client = client
        self._fields = fields
        self._portfolios = portfolios
        self._portfolio = portfolio_gid

    @classmethod
    def of(cls, client: Client, fields: CustomFields, portfolio_gid: str) -> PortfolioNumbers:
        """The numbers of the projects in the portfolio of the settings."""
        portfolios = Portfolios(client, "projects_portfolio_gid", "on the cards of Visma's projects")
        return cls(client, fields, portfolios, portfolio_gid)

    def apply(self, project: NamedProject, numbers: Differences) -> PartOutcome:
        if not numbers:
            return PartOutcome()
        if any(before is None for before, _ in numbers.values()):
            # Otherwise it was added before, and a person may have removed it.
            self._portfolios.add(self._portfolio, project.gid)
        allowed = self._allowed(numbers)
        left_out = [
            LeftOut(name, after, Reason.NO_FIELD)
            for name, (_, after) in numbers.items()
            if name not in allowed.values()
        ]
        if not allowed:
            return PartOutcome(left_out=tuple(left_out))
        values = {gid: numbers[name][1] for gid, name in allowed.items()}
        try:
            self._client.put(f"/projects/{project.gid}", {"custom_fields": values}, {"opt_fields": "name"})
        except AsanaError as error:
            if error.refusal not in UNAVAILABLE:
                raise
            logger.warning(
                f"The Asana project “{project.name}” ({project.gid}) does not take the numbers of its Visma projects: Asana said "
                f"“{error.message}” ({error.status}). Make the token's user an editor of the project; the numbers are on the cards of "
                "the Visma projects all the same."
            )
            left_out += [LeftOut(name, numbers[name][1], Reason.REFUSED, error.message) for name in allowed.values()]
            return PartOutcome(left_out=tuple(left_out))
        return PartOutcome({name: numbers[name] for name in allowed.values()}, tuple(left_out))

    def _allowed(self, names: Iterable[str]) -> dict[str, str]:
        """The names of the fields that projects of the portfolio have, by gid."""
        by_gid = {known.gid: name for name in names if (known := self._fields.catalog.get(name)) is not None}
        allowed = self._portfolios.allow(self._portfolio, by_gid) if by_gid else set()
        return {gid: name for gid, name in by_gid.items() if gid in allowed}


class DryRunPortfolioNumbers:
    """Logs the numbers that Asana projects would get."""

    def __init__(self, fields: CustomFields) -> None:
        self._fields = fields

    def apply(self, project: NamedProject, numbers: Differences) -> PartOutcome:
        if numbers:
            words = plan_text(self._fields.catalog.titled(dict(numbers)))
            logger.info(f"Dry run, the Asana project “{project.name}” ({project.gid}) would be updated: {words}")
        return PartOutcome(numbers)
