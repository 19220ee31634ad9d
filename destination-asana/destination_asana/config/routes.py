"""Where the records of a stream go: by its entry in the settings, else by the preset for its name."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from destination_asana.documents import KIND_OF_STREAM, Kind
from destination_asana.documents.fields import COST_CENTERS, GL_ACCOUNTS
from destination_asana.errors import config_error

DOCUMENT_STREAMS = (
    "purchase_orders",
    "supplier_invoices",
    "customer_invoices",
    "customer_credit_notes",
    "customer_debit_notes",
    "customer_overdue_charges",
    "projects",
)
# The stream that brings the numbers of the projects' cards.
NUMBER_STREAM = "project_budgets"
CARD_STREAM = "projects"
VOCABULARY_STREAMS = {"accounts": GL_ACCOUNTS, "dimension_values": COST_CENTERS}
IGNORED_STREAMS = (
    "suppliers",
    "customers",
    "employees",
    "subaccounts",
    "dimensions",
    "journal_transactions",
    "purchase_receipts",
    "supplier_payments",
    "branches",
)
# The streams of source-visma whose records have a code and a description, so that they can become options.
OPTION_STREAMS = (*VOCABULARY_STREAMS, "subaccounts", "suppliers", "customers", "employees", "dimensions")


class RouteKind(StrEnum):
    """What the records of a stream become: the `type` of `write_as` in the settings, or NUMBERS, which are written to the
    tasks of another stream."""

    TASK = "task"
    PROJECT = "project"
    ENUM_OPTIONS = "enum_options"
    IGNORE = "ignore"
    NUMBERS = "numbers"


class LineItems(StrEnum):
    """Where the lines of a document go."""

    SUBTASKS = "subtasks"
    DESCRIPTION = "description"
    NONE = "none"


class Operation(StrEnum):
    """How the records of a stream change the documents in Asana: the destination sync mode in the catalog."""

    UPSERT = "append_dedup"
    APPEND = "append"
    OVERWRITE = "overwrite"
    OVERWRITE_DEDUP = "overwrite_dedup"
    UPDATE = "update"
    SOFT_DELETE = "soft_delete"


@dataclass(frozen=True)
class Route:
    """Where the records of one stream go.

    `source` is the Visma stream that the records have the form of (a connection may add a prefix to its name).
    `operation` is one of Operation, or a mode that this release does not know and treats as an upsert. `object_name` is set
    if the stream is mapped to an object of the destination. `whole` means that the source reads all records (full refresh).
    """

    stream: str
    kind: RouteKind
    source: str
    project_gid: str
    line_items: LineItems
    team_gid: str | None = None
    project_template_gid: str | None = None
    portfolio_gid: str | None = None
    custom_field: str | None = None
    operation: str = Operation.UPSERT
    object_name: str | None = None
    whole: bool = False

    @property
    def overwrites(self) -> bool:
        """Whether every sync of the stream brings all of its documents."""
        return self.operation in (Operation.OVERWRITE, Operation.OVERWRITE_DEDUP)

    @property
    def of_numbers(self) -> bool:
        """Whether the records are numbers for the tasks of another stream."""
        return self.kind is RouteKind.NUMBERS

    @property
    def has_items(self) -> bool:
        """Whether each line of a document becomes an item of its own."""
        return self.kind is RouteKind.PROJECT or self.line_items == LineItems.SUBTASKS

    @property
    def of_documents(self) -> bool:
        """Whether the records are documents, each of which has a task in Asana."""
        return self.kind in (RouteKind.TASK, RouteKind.PROJECT)

    @property
    def of_orders(self) -> bool:
        """Whether these documents are purchase orders."""
        return self.of_documents and KIND_OF_STREAM.get(self.source) is Kind.ORDERS


def route_of(
    stream: str,
    entry: Mapping[str, Any] | None,
    *,
    project_gid: str,
    cards_gid: str | None,
    line_items: str,
    leave_out_fields: Collection[str],
) -> Route:
    """The route of a stream: by its `entry` in the settings, else by its preset.

    `project_gid` and `line_items` are the defaults for what the entry does not say. `cards_gid` is the Asana project of the
    cards, or None if Visma projects have no cards. Raises config_error for a stream with neither entry nor preset, and for
    a `write_as` that its records do not fit."""
    write_as: Mapping[str, Any] = entry["write_as"] if entry is not None else _preset(stream)
    route = Route(
        stream=stream,
        kind=RouteKind(write_as["type"]),
        source=stream if entry is None else source_of(stream),
        project_gid=write_as.get("project_gid") or project_gid,
        line_items=LineItems((entry or {}).get("line_items") or line_items),
        team_gid=write_as.get("team_gid"),
        project_template_gid=write_as.get("project_template_gid"),
        portfolio_gid=write_as.get("portfolio_gid"),
        custom_field=write_as.get("custom_field"),
    )
    if route.source == NUMBER_STREAM and route.kind in (RouteKind.TASK, RouteKind.NUMBERS):
        return _of_numbers(route, cards_gid)
    _check(route)
    if route.source == CARD_STREAM:
        # A project has no lines.
        route = replace(route, line_items=LineItems.NONE)
    # A field that the settings leave out is not created for its options either.
    return replace(route, kind=RouteKind.IGNORE) if route.custom_field in leave_out_fields else route


def _of_numbers(route: Route, cards_gid: str | None) -> Route:
    """Numbers go to the project of the cards. Without cards they are ignored."""
    if cards_gid is None:
        return replace(route, kind=RouteKind.IGNORE)
    return replace(route, kind=RouteKind.NUMBERS, project_gid=cards_gid)


def _preset(stream: str) -> dict[str, str]:
    if stream in DOCUMENT_STREAMS:
        return {"type": RouteKind.TASK}
    if stream in VOCABULARY_STREAMS:
        return {"type": RouteKind.ENUM_OPTIONS, "custom_field": VOCABULARY_STREAMS[stream]}
    if stream == NUMBER_STREAM:
        return {"type": RouteKind.NUMBERS}
    if stream in IGNORED_STREAMS:
        return {"type": RouteKind.IGNORE}
    raise config_error(
        f"The stream “{stream}” is not one this connector knows, and the settings do not say what to do with it. "
        f'Add an entry under “streams”, for example {{"name": "{stream}", "write_as": {{"type": "ignore"}}}}, '
        "or take the stream out of the connection. Nothing was written."
    )


def source_of(stream: str) -> str:
    """The Visma stream behind a name to which a connection has added a prefix (`fin_purchase_orders`)."""
    known = (*DOCUMENT_STREAMS, NUMBER_STREAM, *OPTION_STREAMS, *IGNORED_STREAMS)
    matches = [name for name in known if stream == name or stream.endswith(name)]
    return max(matches, key=len, default=stream)


def _check(route: Route) -> None:
    if route.kind is RouteKind.ENUM_OPTIONS and route.source not in OPTION_STREAMS:
        raise config_error(
            f"The stream “{route.stream}” cannot become options of a field: only streams with a code and a description can "
            f"({', '.join(OPTION_STREAMS)}). Choose another “write_as” for it. Nothing was written."
        )
    if route.of_documents and route.source in (NUMBER_STREAM, *OPTION_STREAMS, *IGNORED_STREAMS):
        raise config_error(
            f"The stream “{route.stream}” has no documents, so it cannot be written as {route.kind}. Only orders, invoices "
            f"and projects can ({', '.join(DOCUMENT_STREAMS)}). Choose another “write_as” for it. Nothing was written."
        )
