"""The custom fields of one workspace: recognition, options and values."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from destination_asana.asana import Client
from destination_asana.board.fields.catalog import FieldCatalog
from destination_asana.board.fields.options import FieldOptions
from destination_asana.board.fields.values import ValueForms


@dataclass(frozen=True, slots=True)
class CustomFields:
    """The catalog, the options and the values, each built on the one before."""

    catalog: FieldCatalog
    options: FieldOptions
    values: ValueForms

    @classmethod
    def of(
        cls, client: Client, workspace_gid: str, *, read_only: bool = False, leave_out: Collection[str] = ()
    ) -> CustomFields:
        """The fields of a workspace. With `read_only` nothing is created; fields named in `leave_out` are neither
        made nor written."""
        catalog = FieldCatalog(client, workspace_gid, read_only=read_only, leave_out=leave_out)
        options = FieldOptions(client, catalog, read_only=read_only)
        return cls(catalog, options, ValueForms(catalog, options))
