"""Addresses an access token may be sent to."""

from urllib.parse import urlsplit

from airbyte_cdk.models import FailureType

from source_visma.components.errors import give_up

LOCALHOST = ("localhost", "127.0.0.1", "::1")


def checked_url(name: str, url: str) -> str:
    """The URL, when a token may be sent there: https, or http to this very machine. Raises a config_error otherwise."""
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = urlsplit("")
    secure = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOCALHOST)
    if not parts.hostname or not secure:
        give_up(
            FailureType.config_error,
            f"{name} must begin with https:// (plain http is allowed for localhost only), but it is {url!r}.",
        )
    return url.rstrip("/")
