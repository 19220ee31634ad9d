"""Verifies who sent a delivery, and when. Pure. All comparisons take constant time."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import math
from collections.abc import Iterable, Mapping

from webhook_listener import clock

# Visma's dispatcher retries. A later delivery is no longer urgent and may be a replay.
TOLERANCE_SECONDS = 300
_TIMES = ("x-vwd-webhook-timestamp", "x-vwd-notification-timestamp")


def asana_signed(body: bytes, signature: str | None, secret: str) -> bool:
    """Whether `X-Hook-Signature` is the hex HMAC-SHA256 of the raw body (Asana developer docs, Webhooks, Security)."""
    if not signature or not secret:
        return False
    expected = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.strip().encode())


def visma_signed(body: bytes, signature: str | None, secrets: Iterable[str]) -> bool:
    """Whether `x-vwd-signature-v1` is base64(HMAC-SHA256(secret, raw body)) (Visma Net docs, Webhooks).

    A signature with any of the secrets is valid, so that a secret can be replaced without a gap. All secrets are tried, to
    keep the time constant.
    """
    if not signature:
        return False
    try:
        given = base64.b64decode(signature.strip(), validate=True)
    except (binascii.Error, ValueError):
        return False
    found = False
    for secret in secrets:
        if secret:
            found |= hmac.compare_digest(hmac.new(secret.encode(), body, hashlib.sha256).digest(), given)
    return found


def digest(body: bytes) -> str:
    """The SHA-256 of a body, to recognise another copy of it."""
    return hashlib.sha256(body).hexdigest()


def out_of_time(headers: Mapping[str, str], now: float) -> bool:
    """Whether the headers of a Visma delivery date it more than five minutes before or after now.

    The time format of these headers is not documented. Seconds, milli-, micro- and nanoseconds since 1970, RFC 3339 and the
    HTTP format are accepted. The headers are not signed, so this only rejects honest latecomers; a replay is recognised by
    its bytes.
    """
    moments = [_moment(headers[name]) for name in _TIMES if headers.get(name)]
    return any(moment is None or not abs(now - moment) <= TOLERANCE_SECONDS for moment in moments)


def _moment(text: str) -> float | None:
    text = text.strip()
    try:
        number = float(text)
    except ValueError:
        return clock.parse(text) or clock.parse_http(text)
    if math.isfinite(number):
        while number > 1e11:
            number /= 1000
    return number
