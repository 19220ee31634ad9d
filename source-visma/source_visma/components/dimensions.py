"""Dimensions and the values of their segments."""

import re
from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from airbyte_cdk.models import FailureType
from airbyte_cdk.sources.types import StreamSlice
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_visma.components.answers import json_of, names_of
from source_visma.components.errors import LOGGER, NotFound, Unanswered, give_up
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

    def pages(self, wanted: StreamSlice, tally: Tally, size: int = -1) -> Iterator[Page]:
        """A page for each dimension. The refusal of one does not affect the others."""
        listed = self.listing.ask(wanted, 1, names_of) or self.listing.ask(wanted, 1, names_of)
        names = list(dict.fromkeys(listed))
        read = [(name, self.gate.pool.submit(self.dimension, name)) for name in names]
        refused: list[AirbyteTracedException] = []
        failed: list[AirbyteTracedException] = []
        for name, future in read:
            try:
                yield self.extractor.page(self.rows(name, future.result(), wanted.get("start_time")))
            except Unanswered as problem:
                failed.append(problem)
            except AirbyteTracedException as refusal:
                refused.append(refusal)
                self.leave_out(name, refusal)
        if failed or len(refused) == len(names) > 0:
            raise (failed + refused)[0]

    def leave_out(self, name: str, refusal: AirbyteTracedException) -> None:
        """Warns that a dimension is not read, and keeps the state where it was."""
        if self.stamps:
            self.stamps.held = True
        LOGGER.warning(
            f"{self.name}: the dimension {name} is left out, though Visma.net lists it; the others are read. The state stays "
            f"where it was. {refusal.message}"
        )

    def dimension(self, name: str) -> dict[str, Any]:
        """One dimension with its segments."""
        # Visma.net API documentation: keys with reserved characters go into the path as b64(base64url).
        plain = re.fullmatch(r"[\w-]+", name, re.ASCII)
        key = name if plain else f"b64({urlsafe_b64encode(name.encode()).decode().rstrip('=')})"
        found: dict[str, Any] = self.requester.ask(
            lambda response: json_of(response, dict),
            path=f"{self.requester.get_path()}/{key}",
            request_params=self.detail_parameters,
        )
        if not found:
            give_up(FailureType.config_error, f"{self.name}: Visma.net has nothing under the name {name}.", NotFound)
        return found

    def rows(self, name: str, dimension: dict[str, Any], since: str | None) -> list[dict[str, Any]]:
        """The dimension's record, or those of its segments' values that may have changed since."""
        if not self.segment_values:
            return [dimension | {"id": dimension.get("id") or name}]
        return [
            value
            | {
                "dimensionId": name,
                "segmentId": segment.get("segmentId", value.get("segmentId")),
                "segmentDescription": segment.get("description"),
            }
            for segment in dimension.get("segments") or []
            for value in segment.get("segmentValues") or []
            if not since or Stamp.reaches(value.get("lastModified"), since)
        ]
