"""Bodies of answers, read in large pieces."""

from collections.abc import Iterator
from typing import Any

import requests
from requests.adapters import HTTPAdapter

SIZE = 1 << 20


class LargePieces(HTTPAdapter):
    """Reads bodies a megabyte at a time. requests reads 10 KB at a time, and threads that wait for each other at each of them: for a
    page of some MB that costs about a third of parsing it."""

    def build_response(self, req: requests.PreparedRequest, resp: Any) -> requests.Response:
        """The response, its body not read yet."""
        response = _Response()
        response.__dict__.update(super().build_response(req, resp).__dict__)
        return response


class _Response(requests.Response):
    def iter_content(self, chunk_size: int | None = 1, decode_unicode: bool = False) -> Iterator[Any]:
        return super().iter_content(max(chunk_size or 0, SIZE), decode_unicode)
