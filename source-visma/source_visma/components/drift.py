"""Fields this connector depends on, and what it does when Visma.net no longer sends them."""

from collections.abc import Iterable
from typing import Any

from airbyte_cdk.models import FailureType

from source_visma.components.errors import give_up


def check_fields(batch: Iterable[dict[str, Any]], stream: str, key: list[str], stamp: str | None) -> None:
    """Raises system_error when a record lacks a part of the key, or has the stamp under another spelling only."""
    depended_on = [*key, stamp] if stamp else key
    for record in batch:
        for field in depended_on:
            if record.get(field) is None:
                _check_missing(record, field, stream, required=field in key)


def _check_missing(record: dict[str, Any], field: str, stream: str, *, required: bool) -> None:
    other = next((name for name in record if name != field and name.lower() == field.lower()), None)
    if other or required:
        spelled = f"but one named {other}" if other else "or it is empty"
        give_up(
            FailureType.system_error,
            f"{stream}: Visma.net sent a record without {field}, {spelled}. The stream stops, since its records "
            "could not be told apart, or changes be missed. Please report this.",
        )
