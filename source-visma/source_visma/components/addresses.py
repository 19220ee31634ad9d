"""Addresses to which an access token may be sent."""

import re
from urllib.parse import urlsplit

from airbyte_cdk.models import FailureType

from source_visma.components.errors import give_up

LOCALHOST = ("localhost", "127.0.0.1", "::1")
# Programs disagree about the host of an address with one of these: it could pass for localhost and lead elsewhere.
MISREAD = re.compile(r"[\\\s\x00-\x1f\x7f]")


def checked_url(name: str, url: str) -> str:
    """The URL, if a token may be sent there: https, or http to this machine. Raises config_error otherwise."""
    try:
        parts = urlsplit("" if MISREAD.search(url) else url)
        _ = parts.port  # out of range, it says so only when asked
    except ValueError:
        parts = urlsplit("")
    if parts.username or parts.password:
        give_up(FailureType.config_error, f"{name} must not hold a user name or password.")
    secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOCALHOST)
    if not parts.hostname or not secure:
        give_up(
            FailureType.config_error,
            f"{name} must begin with https:// (plain http is allowed for localhost only), but it is {url!r}.",
        )
    return url.rstrip("/")
