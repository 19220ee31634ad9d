"""The values of documents' custom fields: in the form to write, in Asana's form, and as read back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from destination_asana.board.fields.catalog import FieldCatalog
from destination_asana.board.fields.date_form import DateForm
from destination_asana.board.fields.model import CustomField
from destination_asana.board.fields.option_owners import scope_of
from destination_asana.board.fields.options import FieldOptions, OptionName
from destination_asana.documents import DocumentValue, FieldValue, FieldValues, Option, StoredValue, half_up
from destination_asana.documents.fields import DEFINITIONS

# The fields that `read` needs of a task or project.
VALUE_FIELDS = (
    "custom_fields.text_value",
    "custom_fields.number_value",
    "custom_fields.enum_value",
    "custom_fields.multi_enum_values",
    "custom_fields.date_value",
    "custom_fields.date_value.date",
)


class ValueForms:
    """The values of documents' fields, between a document's form and Asana's. Thread-safe."""

    def __init__(self, catalog: FieldCatalog, options: FieldOptions) -> None:
        self._catalog = catalog
        self._options = options
        self.dates = DateForm()

    def wanted(
        self, values: Mapping[str, DocumentValue], company: str, kept: Mapping[str, StoredValue]
    ) -> dict[str, FieldValue]:
        """A document's values in the form to write: options by the names that they have (or will get) in Asana. `company`
        is the document's; `kept` are the task's own values (from `read`).

        Fields that the settings leave out are missing, and so are options without room and disabled options that the task
        does not have. So the same document always gives the same values.
        """
        wanted: dict[str, FieldValue] = {}
        for name, value in values.items():
            if self._catalog.is_left_out(name):
                continue
            if isinstance(value, tuple):
                before = kept.get(name)
                kept_options = before if isinstance(before, list) else ()
                names = {self._wanted_option(name, option, company, kept_options) for option in value}
                wanted[name] = tuple(sorted(option for option in names if option is not None))
            elif isinstance(value, str) and DEFINITIONS[name].type == "enum":
                wanted[name] = self._wanted_choice(name, value)
            elif isinstance(value, (int, float)) and DEFINITIONS[name].type == "number":
                wanted[name] = self._wanted_number(name, value)
            else:
                wanted[name] = value
        return wanted

    def _wanted_option(self, name: str, option: Option, company: str, kept: Collection[str]) -> OptionName | None:
        scope = scope_of(company, option.segment)
        known = self._catalog.get(name)
        if known is None:
            return OptionName.of(option.name, option, scope)
        with known.lock:
            found = self._options.ownership.find(known, scope, option)
            if found is not None:
                if not found.enabled and found.gid not in kept:
                    return None
                return OptionName.of(found.name, option, scope, kept=not found.enabled)
            if known.full:
                self._options.leave_out(name, [option.name])
                return None
            return OptionName.of(option.name, option, scope)

    def _wanted_choice(self, name: str, value: str) -> str | None:
        known = self._catalog.get(name)
        if known is None:
            return value
        with known.lock:
            found = known.by_name(value)
            if found is not None:
                return found.name
            if known.full:
                self._options.leave_out(name, [value])
                return None
            return value

    def _wanted_number(self, name: str, value: float) -> float:
        """A field that people created may have fewer decimals. A difference that Asana would round away does not count."""
        known = self._catalog.get(name)
        return value if known is None or known.precision is None else float(half_up(value, known.precision))

    def read(self, raw: Iterable[Mapping[str, Any]]) -> dict[str, StoredValue]:
        """The document fields in a task's `custom_fields`, by field name, with options as gids. Empty ones are left out."""
        values: dict[str, StoredValue] = {}
        for item in raw:
            known = self._catalog.of_gid(item["gid"])
            if known is None or known.name not in DEFINITIONS or self._catalog.get(known.name) is not known:
                continue
            value = _value_in(known.type, item)
            if value not in (None, "", []):
                values[known.name] = value
        return values

    def read_written(self, data: Mapping[str, Any]) -> dict[str, StoredValue]:
        """The values that `read` would return after a write of `to_api`; None for those that were emptied."""
        return {
            known.name: value["date"] if isinstance(value, dict) else value
            for gid, value in data.items()
            if (known := self._catalog.of_gid(gid)) is not None
        }

    def present(self, values: Mapping[str, StoredValue]) -> dict[str, FieldValue]:
        """Values of `read` with the present names of options, including disabled ones."""
        result: dict[str, FieldValue] = {}
        for name, value in values.items():
            known = self._catalog.get(name)
            if known is None or value is None:
                continue
            if known.type == "enum":
                option = known.options.get(str(value))
                result[name] = option.name if option else None
            elif isinstance(value, list):
                options = (known.options.get(gid) for gid in value)
                result[name] = tuple(sorted(option.name for option in options if option))
            else:
                result[name] = value
        return result

    def to_api(self, values: FieldValues, project_gid: str) -> dict[str, Any]:
        """Values in Asana's form, by field gid. Missing options are added first."""
        data: dict[str, Any] = {}
        for name, value in values.items():
            if value in (None, ()) and not self._catalog.is_on(name, project_gid):
                continue
            if isinstance(value, tuple):
                gids = [gid for option in value if (gid := self._gid_of(name, option, project_gid)) is not None]
                data[self._catalog[name].gid] = list(dict.fromkeys(gids)) or None
            elif isinstance(value, str) and DEFINITIONS[name].type == "enum":
                gid = self._options.option(name, value, project_gid)
                self._enable(self._catalog[name], gid)
                data[self._catalog[name].gid] = gid
            elif isinstance(value, str) and DEFINITIONS[name].type == "date":
                data[self._catalog[name].gid] = self.dates.of(value)
            else:
                data[self._catalog[name].gid] = value
        return data

    def _gid_of(self, name: str, wanted: str, project_gid: str) -> str | None:
        """The gid of an option; None for one that was disabled meanwhile. The next write leaves it out, too, because a
        task may keep a disabled option but not get one."""
        gid = self._options.option(name, wanted, project_gid)
        option = self._catalog[name].options.get(gid or "")
        if option is not None and not option.enabled and not (isinstance(wanted, OptionName) and wanted.kept):
            return None
        return gid

    def _enable(self, known: CustomField, gid: str | None) -> None:
        option = known.options.get(gid or "")
        if option is not None and not option.enabled:
            with known.lock:
                self._options.change_option(known, option, enabled=True)


def _value_in(kind: str, item: Mapping[str, Any]) -> StoredValue:
    if kind == "text":
        return item.get("text_value")
    if kind == "number":
        return item.get("number_value")
    if kind == "enum":
        return (item.get("enum_value") or {}).get("gid")
    if kind == "multi_enum":
        return [option["gid"] for option in item.get("multi_enum_values") or []]
    if kind == "date":
        return (item.get("date_value") or {}).get("date")
    return None
