"""Values of the documents' custom fields: as they can be written, as Asana takes them, as it gives them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from destination_asana.asana.client import Client
from destination_asana.board.fields.date_form import DateForm
from destination_asana.board.fields.model import CustomField
from destination_asana.board.fields.option_owners import scope_of
from destination_asana.board.fields.options import FieldOptions, OptionName
from destination_asana.documents.fields import DEFINITIONS
from destination_asana.documents.line_items import Option
from destination_asana.documents.reader import half_up

# What `CustomFields.read` needs of a task or project.
VALUE_FIELDS = (
    "custom_fields.text_value",
    "custom_fields.number_value",
    "custom_fields.enum_value",
    "custom_fields.multi_enum_values",
    "custom_fields.date_value",
    "custom_fields.date_value.date",
)


class CustomFields(FieldOptions):
    """The fields of the documents in one workspace, with their values. Thread-safe."""

    def __init__(
        self, client: Client, workspace_gid: str, *, read_only: bool = False, leave_out: Collection[str] = ()
    ) -> None:
        super().__init__(client, workspace_gid, read_only=read_only, leave_out=leave_out)
        self.dates = DateForm()

    def settle(self, values: Mapping[str, Any], company: str, kept: Mapping[str, Any]) -> dict[str, Any]:
        """A document's values as they can be written: options by the names they have (or will get) in Asana. `company` is
        the document's, `kept` what its task shows (values of `read`).

        Fields that are left out are not among them, nor options without room and disabled ones the task does not have; so
        the same document settles to the same values again.
        """
        settled: dict[str, Any] = {}
        for name, value in values.items():
            if name in self._leave_out:
                continue
            if isinstance(value, tuple):
                shown = kept.get(name) or ()
                names = {self._settle_option(name, option, company, shown) for option in value}
                settled[name] = tuple(sorted(option for option in names if option is not None))
            elif DEFINITIONS[name].type == "enum" and value is not None:
                settled[name] = self._settle_choice(name, value)
            elif DEFINITIONS[name].type == "number" and value is not None:
                settled[name] = self._settle_number(name, value)
            else:
                settled[name] = value
        return settled

    def _settle_option(self, name: str, option: Option, company: str, kept: Collection[str]) -> OptionName | None:
        scope = scope_of(company, option.segment)
        known = self._fields.get(name)
        if known is None:
            return OptionName.of(option.name, option, scope)
        with known.lock:
            found = self.ownership.find(known, scope, option)
            if found is not None:
                if not found.enabled and found.gid not in kept:
                    return None
                return OptionName.of(found.name, option, scope, kept=not found.enabled)
            if known.full:
                self.leave_out(name, [option.name])
                return None
            return OptionName.of(option.name, option, scope)

    def _settle_choice(self, name: str, value: str) -> str | None:
        known = self._fields.get(name)
        if known is None:
            return value
        with known.lock:
            found = known.by_name(value)
            if found is not None:
                return found.name
            if known.full:
                self.leave_out(name, [value])
                return None
            return value

    def _settle_number(self, name: str, value: float) -> float:
        """A field people made may keep fewer decimals: what Asana would round away is no difference."""
        known = self._fields.get(name)
        return value if known is None or known.precision is None else float(half_up(value, known.precision))

    def read(self, raw: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
        """The document fields of a task's `custom_fields`, by field name, options by gid; empty ones are left out."""
        values: dict[str, Any] = {}
        for item in raw:
            known = self._by_gid.get(item["gid"])
            if known is None or known.name not in DEFINITIONS or self._fields.get(known.name) is not known:
                continue
            value = _value_in(known.type, item)
            if value not in (None, "", []):
                values[known.name] = value
        return values

    def read_written(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """What `read` would give for values just written with `to_api`; None for those that were emptied."""
        return {
            self._by_gid[gid].name: value["date"] if isinstance(value, dict) else value for gid, value in data.items()
        }

    def shown(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Values of `read` with the names options have now, disabled ones included."""
        result: dict[str, Any] = {}
        for name, value in values.items():
            known = self._fields.get(name)
            if known is None or value is None:
                continue
            if known.type == "enum":
                option = known.options.get(value)
                result[name] = option.name if option else None
            elif known.type == "multi_enum":
                options = (known.options.get(gid) for gid in value)
                result[name] = tuple(sorted(option.name for option in options if option))
            else:
                result[name] = value
        return result

    def to_api(self, values: Mapping[str, Any], project_gid: str) -> dict[str, Any]:
        """Settled values as Asana takes them, by field gid; missing options are added first."""
        data: dict[str, Any] = {}
        for name, value in values.items():
            if value in (None, ()) and not (
                name in self._fields and self.library.is_on(self._fields[name].gid, project_gid)
            ):
                continue
            if isinstance(value, tuple):
                gids = [gid for option in value if (gid := self._gid_of(name, option, project_gid)) is not None]
                data[self._fields[name].gid] = list(dict.fromkeys(gids)) or None
            elif DEFINITIONS[name].type == "enum" and value is not None:
                gid = self.option(name, value, project_gid)
                self._enable(self._fields[name], gid)
                data[self._fields[name].gid] = gid
            elif DEFINITIONS[name].type == "date" and value is not None:
                data[self._fields[name].gid] = self.dates.of(value)
            else:
                data[self._fields[name].gid] = value
        return data

    def _gid_of(self, name: str, wanted: str, project_gid: str) -> str | None:
        """An option's gid; None for one that was disabled since the values were settled: it is left out the next time,
        too, and Asana lets a task keep a disabled option, not take one."""
        gid = self.option(name, wanted, project_gid)
        option = self._fields[name].options.get(gid or "")
        if option is not None and not option.enabled and not (isinstance(wanted, OptionName) and wanted.kept):
            return None
        return gid

    def _enable(self, known: CustomField, gid: str | None) -> None:
        option = known.options.get(gid or "")
        if option is not None and not option.enabled:
            with known.lock:
                self.change_option(known, option, enabled=True)


def _value_in(kind: str, item: Mapping[str, Any]) -> Any:
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
