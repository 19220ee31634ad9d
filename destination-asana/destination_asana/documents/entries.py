"""Record → Entry: an account, a cost centre or any other record with a code that becomes an option of a field. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from destination_asana.documents.cost_centers import SUBACCOUNT, CostCenterSegments
from destination_asana.documents.errors import RecordError
from destination_asana.documents.line_items import Option
from destination_asana.documents.reader import Reader

SEGMENT_VALUES = "dimension_values"
# Stream → (field with the code, field with the description).
CODES = {
    "accounts": ("accountCD", "description"),
    SEGMENT_VALUES: ("valueId", "description"),
    "subaccounts": ("subaccountNumber", "description"),
    "suppliers": ("number", "name"),
    "customers": ("number", "name"),
    "employees": ("employeeNumber", "employeeName"),
    "dimensions": ("id", "description"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One account or cost centre of a company. If `active` is False, its option is disabled."""

    company: str
    option: Option
    active: bool

    @property
    def origin(self) -> tuple[str, str, str]:
        """The identity of the account or cost centre across syncs: company, segment and code."""
        segment = self.option.segment or ""
        return (self.company.strip().casefold(), segment.strip().casefold(), self.option.code.casefold())


def entry_of(source: str, record: Any, segments: CostCenterSegments) -> Entry | None:
    """Reads a record of one of the streams in CODES. Returns None for a segment value that is not a cost centre. Raises
    RecordError for a record without a code."""
    if not isinstance(record, Mapping):
        raise RecordError("record", "is not an object")
    reader = Reader(record)
    code_name, description_name = CODES[source]
    company = str(reader.key("company_id") or "")
    segment = segment_name = None
    if source == SEGMENT_VALUES:
        dimension, segment = reader.key("dimensionId"), reader.key("segmentId")
        if dimension is None or segment is None:
            missing = "dimensionId" if dimension is None else "segmentId"
            raise RecordError(missing, "is missing, and without it the meaning of the value is unknown")
        segment_name = reader.text("segmentDescription")
        if dimension.casefold() != SUBACCOUNT or not segments.accepts(company, segment, segment_name):
            return None
    code = reader.key(code_name)
    if code is None:
        raise RecordError(code_name, "is missing, and without it the option has no code")
    return Entry(company, Option(code, reader.text(description_name), segment, segment_name), _is_active(record))


def _is_active(record: Mapping[str, Any]) -> bool:
    return record.get("active") is not False and str(record.get("status")).casefold() != "inactive"
