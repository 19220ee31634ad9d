"""Dimensions and the values of their segments."""

import re
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from airbyte_cdk.sources.types import StreamSlice

from source_visma.components.answers import json_of, names_of
from source_visma.components.extractor import Page
from source_visma.components.lists import PagesRetriever
from source_visma.components.stamps import Stamp
from source_visma.components.tally import Tally


@dataclass
class DimensionsRetriever(PagesRetriever):
    """Reads the list of dimension IDs, bare strings, and then each dimension.

    ``detail_parameters`` go out with each; with ``segment_values`` its segments' values are the records.
    """

    detail_parameters: Mapping[str, str] | None = None
    segment_values: bool = False

    def pages(self, wanted: StreamSlice, tally: Tally) -> Iterator[Page]:
        """A page for each dimension."""
        names = self.ask(wanted, 1, names_of)
        since = wanted.get("start_time")

        def fetch(name: str) -> Page:
            # Visma.net API documentation: keys with reserved characters go into the path as b64(base64url).
            plain = re.fullmatch(r"[\w-]+", name, re.ASCII)
            key = name if plain else f"b64({urlsafe_b64encode(name.encode()).decode().rstrip('=')})"
            dimension = self.requester.ask(
                lambda response: json_of(response, dict),
                path=f"{self.requester.get_path()}/{key}",
                request_params=self.detail_parameters,
            )
            if not self.segment_values:
                return self.extractor.page([dimension | {"id": dimension.get("id") or name}])
            rows = [
                value | {"dimensionId": name, "segmentId": segment.get("segmentId", value.get("segmentId"))}
                for segment in dimension.get("segments") or []
                for value in segment.get("segmentValues") or []
                if not since or Stamp.reaches(value.get("lastModified"), since)
            ]
            return self.extractor.page(rows)

        for future in [self.requester.gate.pool.submit(fetch, name) for name in names]:
            yield future.result()
