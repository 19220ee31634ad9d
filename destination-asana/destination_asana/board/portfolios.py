"""Portfolios: their projects, and the custom fields that projects have only through them."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable

from destination_asana.asana import NOT_THERE, UNAVAILABLE, AsanaError, Cause, Client, Refusal
from destination_asana.errors import config_error

logger = logging.getLogger("airbyte")
IN_TEXTS = "in the register tasks and in the projects' descriptions"


class Portfolios:
    """The portfolios of one sync. Thread-safe.

    If plan or permissions do not allow them, a warning says so and the sync goes on without them. Raises config_error for
    a portfolio that does not exist or is not visible to the token's user.
    """

    def __init__(self, client: Client, setting: str = "portfolio_gid", elsewhere: str = IN_TEXTS) -> None:
        """`setting` names the portfolio in messages; `elsewhere` says where else the values of its fields are."""
        self._setting = setting
        self._elsewhere = elsewhere
        self._client = client
        self._lock = threading.RLock()
        self._items: dict[str, set[str]] = {}
        self._fields: dict[str, set[str]] = {}
        self._closed: set[str] = set()
        self._without_fields: set[str] = set()

    def contains(self, portfolio: str, project: str) -> bool:
        """Whether a project is in a portfolio, by a listing read once per sync."""
        with self._lock:
            if portfolio not in self._items:
                self._items[portfolio] = set()
                try:
                    listed = self._client.list(f"/portfolios/{portfolio}/items")
                except AsanaError as error:
                    self._close(portfolio, error)
                else:
                    self._items[portfolio] = {item["gid"] for item in listed}
            return project in self._items[portfolio]

    def add(self, portfolio: str, project: str) -> None:
        """Adds a project to a portfolio unless it is already in it."""
        if self.contains(portfolio, project) or portfolio in self._closed:
            return
        try:
            self._client.act(f"/portfolios/{portfolio}/addItem", {"item": project})
        except AsanaError as error:
            # The first of two tries may have worked although its answer was lost.
            if Cause.ALREADY_SO not in error.causes:
                with self._lock:
                    self._close(portfolio, error)
                return
        with self._lock:
            self._items[portfolio].add(project)

    def allow(self, portfolio: str, fields: Iterable[str]) -> set[str]:
        """Which of these custom fields (gids) projects of the portfolio have. Missing fields are added to it."""
        wanted = set(fields)
        with self._lock:
            if portfolio not in self._without_fields and portfolio not in self._closed:
                try:
                    self._attach_missing(portfolio, wanted)
                except AsanaError as error:
                    self._warn_of_fields(portfolio, error)
            return wanted & self._fields.get(portfolio, set())

    def refuse_fields(self, portfolio: str, error: AsanaError) -> None:
        """Registers that projects of a portfolio accept no field values, so that no more are written in this sync."""
        with self._lock:
            self._warn_of_fields(portfolio, error)
            self._fields[portfolio] = set()

    def _attach_missing(self, portfolio: str, wanted: set[str]) -> None:
        if portfolio not in self._fields:
            path = f"/portfolios/{portfolio}/custom_field_settings"
            settings = self._client.list(path, {"opt_fields": "custom_field"})
            self._fields[portfolio] = {setting["custom_field"]["gid"] for setting in settings}
        for gid in sorted(wanted - self._fields[portfolio]):
            self._attach(portfolio, gid)

    def _warn_of_fields(self, portfolio: str, error: AsanaError) -> None:
        if error.refusal not in UNAVAILABLE:
            raise error
        if portfolio not in self._without_fields:
            self._without_fields.add(portfolio)
            logger.warning(
                f"The projects in portfolio {portfolio} cannot carry all Visma fields: Asana said “{error.message}” "
                f"({error.status}). Fields of projects need a plan with portfolios and edit rights on the portfolio. "
                f"The values are {self._elsewhere}; the sync goes on."
            )

    def _attach(self, portfolio: str, field: str) -> None:
        try:
            data = {"custom_field": field, "is_important": False}
            self._client.act(f"/portfolios/{portfolio}/addCustomFieldSetting", data)
        except AsanaError as error:
            # The first of two tries may have worked although its answer was lost.
            if Cause.ALREADY_SO not in error.causes:
                raise
        self._fields[portfolio].add(field)

    def _close(self, portfolio: str, error: AsanaError) -> None:
        if error.refusal in NOT_THERE:
            raise config_error(
                f"{self._setting}: Asana does not show the portfolio {portfolio} to the token's user: “{error.message}”. Check the "
                "number and share the portfolio with that user."
            ) from error
        if error.refusal not in UNAVAILABLE:
            raise error
        if portfolio not in self._closed:
            self._closed.add(portfolio)
            cause = (
                "portfolios are not part of the workspace's plan (they come with Advanced)"
                if error.refusal is Refusal.PREMIUM_NEEDED
                else "the token's user may not edit it, or it is full (1,500 projects)"
            )
            logger.warning(
                f"Projects are not put into portfolio {portfolio}: Asana said “{error.message}” ({error.status}). Likely cause: "
                f"{cause}. The sync goes on without it; take {self._setting} out of the settings to silence this."
            )
