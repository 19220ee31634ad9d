"""Which field is the Visma ID, and which are the sync's, whatever people call them."""

from __future__ import annotations

from typing import Any

import pytest
from webhook_listener.field_marks import is_the_syncs, marked_as, visma_id_in

MARK = "The document's number.\n[Visma sync: field=Visma ID]"


def field(gid: str = "91", name: str = "Visma ID", value: str | None = "A", **more: Any) -> dict[str, Any]:
    return {"gid": gid, "name": name, "text_value": value, **more}


@pytest.mark.parametrize(
    ("description", "name"),
    [
        (MARK, "Visma ID"),
        ("Kari's words\n[ VISMA  SYNC:  companies=1,2; field = visma AMOUNT ]\nand more", "visma AMOUNT"),
        ("[Visma sync: field=Old] [Visma sync: field=A%3BB]", "A;B"),
        ("[Visma sync: companies=1]", None),
        ("Visma sync: field=Visma ID", None),
        (None, None),
    ],
)
def test_the_name_in_a_mark(description: str | None, name: str | None) -> None:
    assert marked_as({"description": description}) == name


@pytest.mark.parametrize(
    ("fields", "found"),
    [
        ([field()], "A"),
        ([field(name="Dokument", description=MARK)], "A"),
        ([field(name="Dokument")], None),
        # The mark counts more than the name, and an older field more than its copy.
        ([field("90", value="B"), field("91", name="Dokument", description=MARK)], "A"),
        ([field("100", value="B", description=MARK), field("91", description=MARK)], "A"),
        ([field("90", value=None, description=MARK), field("91", description=MARK)], "A"),
        # Another field of the sync may have got the name.
        ([field(description="[Visma sync: field=Visma supplier]")], None),
        ([field(is_global_to_workspace=False)], None),
        ([field(value=" A ", is_global_to_workspace=True)], "A"),
        ([], None),
    ],
)
def test_the_visma_id_of_a_task(fields: list[dict[str, Any]], found: str | None) -> None:
    assert visma_id_in(fields) == found


@pytest.mark.parametrize(
    ("changes", "owned"),
    [
        ({"name": "Visma amount"}, True),
        ({"name": "Beløp", "description": "[Visma sync: field=Visma amount]"}, True),
        ({"name": "Beløp"}, False),
        ({"name": None}, False),
    ],
)
def test_the_fields_of_the_sync(changes: dict[str, Any], owned: bool) -> None:
    assert is_the_syncs(field() | changes) is owned
