"""Creates missing custom fields in the workspace and adds them to a project."""

from __future__ import annotations

from typing import Any

from destination_asana.asana import OF_CONTENT, AsanaError, Cause, Client
from destination_asana.board.fields.library import DEFINITION_FIELDS, FieldLibrary
from destination_asana.board.fields.marks import Mark, with_mark
from destination_asana.board.fields.model import OPTION_TYPES, CustomField
from destination_asana.board.fields.option_owners import Owners, Scope
from destination_asana.board.fields.recognition import Raw, problem_of, recognised
from destination_asana.board.fields.refusals import of_attaching, of_creation, unusable
from destination_asana.documents.fields import DEFINITIONS, OTHER_DESCRIPTION, FieldDefinition


class FieldCreation:
    """Creates each field only once, even if an answer is lost."""

    def __init__(self, client: Client, library: FieldLibrary, workspace_gid: str) -> None:
        self._client = client
        self._library = library
        self._workspace = workspace_gid

    def create(self, name: str, first_option: str | None, scope: Scope | None) -> Raw:
        """Creates the field `name` in the workspace, with the sync's mark, and returns it as Asana describes it.

        A field with options is created with `first_option`, because Asana requires at least one; it belongs to `scope`.
        Raises config_error.
        """
        definition = DEFINITIONS.get(name) or FieldDefinition(name, "multi_enum", OTHER_DESCRIPTION)
        data: dict[str, Any] = {
            "workspace": self._workspace,
            "name": name,
            "resource_subtype": definition.type,
            "description": with_mark(definition.description, Mark(name, Owners([scope]).facts() if scope else {})),
            # Otherwise followers would get a message for every change of a value.
            "has_notifications_enabled": False,
        }
        if definition.type == "number":
            data["precision"] = definition.precision
        if definition.type in OPTION_TYPES:
            data["enum_options"] = [{"name": first_option}]

        def find() -> dict[str, Any] | None:
            self._library.forget()
            found = recognised(name, self._library.everything().values())
            return dict(found[0]) if found else None

        try:
            created = self._client.create("/custom_fields", data, find, {"opt_fields": ",".join(DEFINITION_FIELDS)})
        except AsanaError as error:
            # The name may already be taken, by an earlier try or by another sync.
            found = find() if error.refusal in OF_CONTENT else None
            if found is None:
                raise of_creation(error, name, self._library.named(name)) from error
            created = found
        problem = problem_of(name, created)
        if problem is not None:
            raise unusable(problem)
        self._library.add(created)
        return created

    def attach(self, known: CustomField, project_gid: str) -> None:
        """Adds a field to a project. Raises config_error."""
        definition = DEFINITIONS.get(known.name)
        data = {"custom_field": known.gid, "is_important": bool(definition and definition.important)}
        try:
            self._client.act(f"/projects/{project_gid}/addCustomFieldSetting", data)
        except AsanaError as error:
            # The first of two tries may have succeeded although its answer was lost.
            if Cause.ALREADY_SO not in error.causes:
                raise of_attaching(
                    error, known.title, project_gid, self._library.count(project_gid), self._library.title
                ) from error
        self._library.attached(known.gid, project_gid)
