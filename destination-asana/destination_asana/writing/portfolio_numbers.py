"""Numbers as fields of Asana projects, which have such fields through a portfolio only."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Protocol

from destination_asana.asana.client import Client
from destination_asana.asana.errors import AsanaError
from destination_asana.board.fields.values import CustomFields
from destination_asana.board.named_projects import NamedProject
from destination_asana.board.portfolios import Portfolios
from destination_asana.planning.changes import Differences
from destination_asana.planning.words import plan_text

logger = logging.getLogger("airbyte")


class PortfolioExecutor(Protocol):
    """Makes Asana projects show numbers."""

    def apply(self, project: NamedProject, numbers: Differences) -> None:
        """Puts a project into the portfolio and writes the numbers that differ: (before, after) by the name of the field."""


class PortfolioNumbers:
    """Writes through one portfolio. What one project refuses is a warning: the numbers stand on the card, too."""

    def __init__(self, client: Client, fields: CustomFields, portfolios: Portfolios, portfolio_gid: str) -> None:
        self._client = client
        self._fields = fields
        self._portfolios = portfolios
        self._portfolio = portfolio_gid

    def apply(self, project: NamedProject, numbers: Differences) -> None:
        if not numbers:
            return
        if any(before is None for before, _ in numbers.values()):
            # Else it was put there before, and a person may have taken it out.
            self._portfolios.add(self._portfolio, project.gid)
        values = self._allowed({name: after for name, (_, after) in numbers.items()})
        if not values:
            return
        try:
            self._client.put(f"/projects/{project.gid}", {"custom_fields": values}, {"opt_fields": "name"})
        except AsanaError as error:
            if error.status not in (400, 402, 403, 404):
                raise
            logger.warning(
                f"The Asana project “{project.name}” ({project.gid}) does not take the numbers of its Visma projects: Asana said "
                f"“{error.said}” ({error.status}). Make the token's user an editor of the project; the numbers are on the cards of "
                "the Visma projects all the same."
            )

    def _allowed(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values by the gids of the fields that projects of the portfolio have."""
        by_gid = {known.gid: value for name, value in values.items() if (known := self._fields.get(name)) is not None}
        allowed = self._portfolios.allow(self._portfolio, by_gid) if by_gid else set()
        return {gid: value for gid, value in by_gid.items() if gid in allowed}


class DryRunPortfolioNumbers:
    """Logs what Asana projects would show."""

    def __init__(self, fields: CustomFields) -> None:
        self._fields = fields

    def apply(self, project: NamedProject, numbers: Differences) -> None:
        if numbers:
            words = plan_text(self._fields.titled(dict(numbers)))
            logger.info(f"Dry run, the Asana project “{project.name}” ({project.gid}) would be updated: {words}")
