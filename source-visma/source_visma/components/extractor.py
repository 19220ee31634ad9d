"""From a page's JSON to records."""

from collections.abc import Mapping
from dataclasses import InitVar, dataclass
from typing import Any

import requests
from airbyte_cdk.sources.declarative.extractors.record_extractor import RecordExtractor
from airbyte_cdk.sources.types import Config

from source_visma.components.answers import json_of
from source_visma.components.deadlines import NEVER
from source_visma.components.errors import UnreadableAnswer
from source_visma.components.forms import has_forms, plain

Rows = list[dict[str, Any]]

NOISE = ("metadata", "errorInfo")  # keys that say nothing about a record


class Page(Rows):
    """The records of one answer, and the ``totalCount`` its metadata gave for the whole list.

    What was taken out of the records stays in memory as long as they do. Otherwise the next page would be parsed into the gaps,
    all over the memory, and reading would take half as long again.
    """

    taken_out: Any = None
    total: int | None = None
    cap: int | None = None  # the largest page that the list has
    plain = True  # whether the answer was a list: 204 and null are other ways of saying that there is nothing

    def of(self, rows: Rows) -> "Page":
        """Other rows, with what this page says about the whole list."""
        page = Page(rows)
        page.total, page.cap, page.plain = self.total, self.cap, self.plain
        page.taken_out = self.taken_out
        return page


@dataclass
class ListExtractor(RecordExtractor):
    """The records of an answer, with ``company_id`` and without ``metadata`` and ``errorInfo`` at any depth, in plain forms.

    In one pass over what orjson parsed: the stock transformations for the same cost ten times the rest of a read.
    """

    config: Config
    parameters: InitVar[Mapping[str, Any] | None] = None

    def __post_init__(self, parameters: Mapping[str, Any] | None) -> None:
        self.schema: Mapping[str, Any] = {}  # the schema of the stream's records
        self._company = str(self.config["company_id"])

    def extract_records(self, response: requests.Response) -> Page:
        """The page in this answer. Raises UnreadableAnswer when it is not one whole JSON list of objects."""
        rows = json_of(response, list)
        if not all(type(row) is dict for row in rows):
            raise UnreadableAnswer("Visma.net's answer is a JSON list, but not of records")
        total, cap = announced(rows, "totalCount"), announced(rows, "maxPageSize")
        if total is not None and total < len(rows):
            total = None  # no count of the whole list
        noise = sum(response.content.count(f'"{name}"'.encode()) for name in NOISE)
        page = self.page(rows, total, noise, has_forms(response.content))
        page.cap, page.plain = cap, bool(rows) or response.content.strip() == b"[]"
        return page

    def page(self, rows: Rows, total: int | None = None, noise: float = NEVER, forms: bool = True) -> Page:
        """A page of these rows. ``noise`` is the number of keys in and below them that may have to go; ``forms`` is whether
        some values may not be in their plain form."""
        if forms:
            plain(rows, {"items": self.schema})
        taken_out = []
        for row in rows:
            for name in NOISE:
                if name in row:
                    taken_out.append(row.pop(name))
            row["company_id"] = self._company
        if noise > len(taken_out):
            take_noise(rows, taken_out)
        page = Page(rows)
        page.taken_out = taken_out
        page.total = total
        return page


def announced(rows: Rows, name: str) -> int | None:
    """A number that the rows' metadata give for the whole list."""
    counts = ((row.get("metadata") or {}).get(name) for row in rows)
    bare = (count.get("value") if type(count) is dict else count for count in counts)
    return next((count for count in bare if type(count) is int), None)


def take_noise(value: Any, taken_out: list[Any]) -> None:
    """Moves metadata and errorInfo from everything nested in the value to a list."""
    if type(value) is dict:
        for name in NOISE:
            if name in value:
                taken_out.append(value.pop(name))
        value = value.values()
    for item in value:
        if type(item) is dict or type(item) is list:
            take_noise(item, taken_out)
