"""A list of the API as the manifest describes it: its requests, and the pages in their answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import requests
from airbyte_cdk.sources.declarative.requesters.paginators import Paginator
from airbyte_cdk.sources.declarative.requesters.request_options import RequestOptionsProvider
from airbyte_cdk.sources.types import StreamSlice

from source_visma.components.extractor import ListExtractor, Page
from source_visma.components.requester import VismaRequester

TRIES = 2  # of a page, before its rows are asked for in smaller parts


@dataclass
class Listing:
    """Asks for pages of a list by their number. ``hasty`` says that a check reads it, which has no time for second looks."""

    name: str
    requester: VismaRequester
    extractor: ListExtractor
    options: RequestOptionsProvider
    paginator: Paginator | None = None  # None for a list without pages
    hasty: bool = False

    def params(self, wanted: StreamSlice, number: int) -> dict[str, Any]:
        """The request's parameters for a page."""
        given: dict[str, Any] = {"stream_slice": wanted, "next_page_token": self._token(number)}
        pages = self.paginator.get_request_params(**given) if self.paginator else {}
        return {**pages, **self.options.get_request_params(**given)}

    def ask(
        self,
        wanted: StreamSlice,
        number: int,
        parse: Callable[[requests.Response], Any],
        *,
        size: int = 0,
        tries: int | None = None,
        impure: bool = False,
    ) -> Any:
        """A page's answer, as ``parse`` makes it."""
        params = self.params(wanted, number) | ({"pageSize": size} if size else {})
        return self.requester.ask(
            parse,
            stream_slice=wanted,
            next_page_token=self._token(number),
            request_params=params,
            tries=tries,
            impure=impure,
        )

    def page(
        self, wanted: StreamSlice, number: int, size: int = 0, *, tries: int | None = None, impure: bool = False
    ) -> Page:
        """One page."""
        page: Page = self.ask(wanted, number, self.parsed, size=size, tries=tries, impure=impure)
        return page

    def answer(self, wanted: StreamSlice, number: int, size: int) -> requests.Response:
        """The answer with one page, not parsed yet."""
        response: requests.Response = self.ask(wanted, number, _as_it_came, size=size, tries=TRIES)
        return response

    def parsed(self, answer: requests.Response) -> Page:
        """The page in an answer."""
        return self.extractor.extract_records(answer)

    def _token(self, number: int) -> Mapping[str, Any] | None:
        return {"next_page_token": number} if self.paginator else None


def _as_it_came(response: requests.Response) -> requests.Response:
    return response
