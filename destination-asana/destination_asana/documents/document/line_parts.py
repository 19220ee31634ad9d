"""The parts of a line: its description, its account, its cost centres. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from destination_asana.documents.line_items import Option
from destination_asana.documents.reader import Reader


def first_of(*descriptions: str | Option | None) -> str | None:
    """The description of a line: its own, else its item's, else its account's."""
    words = (each.description or each.code if isinstance(each, Option) else each for each in descriptions)
    return next((text for text in words if text), None)


def account_of(line: Reader) -> Option | None:
    if isinstance(line.raw("account"), (str, int)):
        code = line.text("account")
        return Option(code, None) if code else None
    account = line.object("account")
    code = account.text("number")
    return Option(code, account.text("description")) if code else None


def cost_centers_of(subaccount: Reader) -> tuple[Option, ...]:
    segments = subaccount.objects("segments")
    return tuple(
        Option(
            code, segment.text("segmentValueDescription"), segment.text("segmentId"), segment.text("segmentDescription")
        )
        for segment in segments
        if (code := segment.text("segmentValue"))
    )


def distinct(options: Iterable[Option]) -> tuple[Option, ...]:
    """Each option once, in the order of the lines."""
    by_code: dict[tuple[str, str | None], Option] = {}
    for option in options:
        by_code.setdefault((option.code, option.segment), option)
    return tuple(by_code.values())
