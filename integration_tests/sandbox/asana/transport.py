"""Requests that the sandbox itself makes, to webhook targets."""

import asyncio
import http.client
from urllib.parse import urlsplit

from .errors import bad


async def post(url: str, body: bytes, headers: dict[str, str], timeout: float) -> tuple[int, dict[str, str], str]:
    """Posts JSON. Returns status (0 if nobody answered in time), headers and text of the answer. Raises ApiError for an
    invalid URL."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise bad(f"target: Value is not a valid URL: {url}")
    try:
        return await asyncio.wait_for(asyncio.to_thread(_post, url, body, headers, timeout), timeout)
    except (OSError, http.client.HTTPException, TimeoutError) as error:
        return 0, {}, f"{type(error).__name__}: {error}"


def _post(url: str, body: bytes, headers: dict[str, str], timeout: float) -> tuple[int, dict[str, str], str]:
    parts = urlsplit(url)
    make = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = make(str(parts.hostname), parts.port, timeout=timeout)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body, {"Content-Type": "application/json; charset=UTF-8", **headers})
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read(10_000).decode("utf-8", "replace")
    finally:
        connection.close()
