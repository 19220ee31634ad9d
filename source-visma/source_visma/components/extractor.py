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


class Page(list[dict[str, Any]]):
    """The records of one answer, and the ``totalCount`` its metadata gave for the whole list."""

    total: int | None = None
    cap: int | None = None  # the largest page that the list has
    plain = True  # whether the answer was a list: 204 and null are other ways of saying that there is nothing

    def of(self, rows: list[dict[str, Any]]) -> "Page":
        """Other rows, with what this page says about the whole list."""
        page = Page(rows)
        page.total, page.cap, page.plain = self.total, self.cap, self.plain
        return page


@dataclass
class ListExtractor(RecordExtractor):
    """The records of an answer, with ``company_id`` and without ``metadata`` and ``errorInfo`` at any depth, in plain forms.

    In one pass over what orjson parsed: the stock transformations for the same cost ten times the rest of a read.
    """

    config: Config
    parameters: InitVar[Mapping[str, Any] | None] = None

    def __post_init__(self, parameters: Mapping[str, Any] | None) -> None:
        self.schema: Mapping[str, Any] = {}  # of the stream's records
        self._company = str(self.config["company_id"])

    def extract_records(self, response: requests.Response) -> Page:
        """The page in this answer. Raises UnreadableAnswer when it is not one whole JSON list of objects."""
        rows = json_of(response, list)
        if not all(type(row) is dict for row in rows):
            raise UnreadableAnswer("Visma.net's answer is a JSON list, but not of records")
        total, cap = announced(rows, "totalCount"), announced(rows, "maxPageSize")
        if total is not None and total < len(rows):
            total = None  # no count of the whole list
        noise = response.content.count(b'"metadata"') + response.content.count(b'"errorInfo"')
        page = self.page(rows, total, noise, has_forms(response.content))
        page.cap, page.plain = cap, bool(rows) or response.content.strip() == b"[]"
        return page

    def page(
        self, rows: list[dict[str, Any]], total: int | None = None, noise: float = NEVER, forms: bool = True
    ) -> Page:
        """A page of these rows; ``noise`` is how many keys in and below them may have to go, if that is known, ``forms``
        whether some values may not be in their plain form."""
        if forms:
            plain(rows, {"items": self.schema})
        for row in rows:
            noise -= (row.pop("metadata", self) is not self) + (row.pop("errorInfo", self) is not self)
            row["company_id"] = self._company
        if noise > 0:
            without_noise(rows)
        page = Page(rows)
        page.total = total
        return page


def announced(rows: list[dict[str, Any]], name: str) -> int | None:
    """A number that the rows' metadata give for the whole list."""
    counts = ((row.get("metadata") or {}).get(name) for row in rows)
    bare = (count.get("value") if type(count) is dict else count for count in counts)
    return next((count for count in bare if type(count) is int), None)


def without_noise(value: Any) -> None:
    """Takes metadata and errorInfo out of everything nested in the value."""
    if type(value) is dict:
        value.pop("metadata", None)
        value.pop("errorInfo", None)
        value = value.values()
    for item in value:
        if type(item) is dict or type(item) is list:
            without_noise(item)
