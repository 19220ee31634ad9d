"""Options of enum fields: found by name or code, added, renamed, enabled and disabled; Asana cannot delete them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from destination_asana.client import Client
from destination_asana.errors import AsanaError
from destination_asana.field_library import DEFINITION_FIELDS
from destination_asana.field_model import CustomField, OptionState, options_of
from destination_asana.field_refusals import of_option
from destination_asana.workspace_fields import WorkspaceFields


class FieldOptions(WorkspaceFields):
    """The fields with their options. `left_out` names, by field, the options that found no room."""

    def __init__(
        self, client: Client, workspace_gid: str, *, read_only: bool = False, leave_out: Collection[str] = ()
    ) -> None:
        super().__init__(client, workspace_gid, read_only=read_only, leave_out=leave_out)
        self.left_out: dict[str, set[str]] = {}
        self._codes: dict[tuple[str, str], str] = {}

    def option(self, name: str, option_name: str, project_gid: str) -> str | None:
        """The gid of an option by its name, added where it is missing; None when there is no room for it."""
        known = self.ensure(name, project_gid, option_name)
        if known is None:
            return None
        with known.lock:
            # Since it was settled, another record may have made or renamed the option of the same code.
            code = self._codes.get((name, option_name))
            found = known.by_name(option_name) or (known.by_code(code) if code else None)
            if found is not None:
                return found.gid
            if known.full:
                self.leave_out(name, [option_name])
                return None
            made = self.add_option(known, option_name)
            return made.gid if made else None

    def add_option(self, known: CustomField, option_name: str) -> OptionState | None:
        """Adds an option; the caller holds the field's lock. None when another sync has taken the last room meanwhile.
        Raises RecordError when Asana refuses this option."""

        def find() -> dict[str, Any] | None:
            self.reload_options(known)
            found = known.by_name(option_name)
            return {"gid": found.gid, "name": found.name} if found else None

        try:
            created = self._client.create(f"/custom_fields/{known.gid}/enum_options", {"name": option_name}, find)
        except AsanaError as error:
            found = find() if error.status == 400 else None
            if found is None and error.status == 400 and known.full:
                self.leave_out(known.name, [option_name])
                return None
            if found is None:
                raise of_option(error, known.title, option_name, "Adding") from error
            created = found
        state = known.options.get(created["gid"]) or OptionState(created["gid"], created["name"])
        known.options[state.gid] = state
        return state

    def change_option(self, known: CustomField, option: OptionState, **changes: Any) -> None:
        """Renames, enables or disables an option. Raises RecordError when Asana refuses that."""
        try:
            self._client.put(f"/enum_options/{option.gid}", changes)
        except AsanaError as error:
            raise of_option(error, known.title, changes.get("name", option.name), "Changing") from error
        option.name = changes.get("name", option.name)
        option.enabled = changes.get("enabled", option.enabled)

    def reload_options(self, known: CustomField) -> None:
        """Reads a field's options anew; the caller holds its lock."""
        raw = self._client.get(f"/custom_fields/{known.gid}", {"opt_fields": ",".join(DEFINITION_FIELDS)})
        known.options = options_of(raw)

    def leave_out(self, name: str, option_names: Iterable[str]) -> None:
        """Remembers options that found no room, for one warning at the end."""
        with self._lock:
            self.left_out.setdefault(name, set()).update(option_names)
