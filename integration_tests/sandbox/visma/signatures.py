"""Signatures of webhook deliveries: the right one, base64 of HMAC-SHA256 over the raw body, and ways to get it wrong."""

from __future__ import annotations

import base64
import hashlib
import hmac

MODES = ("right", "previous", "wrong", "missing", "empty", "hex", "other_body", "plain_hash")


def signature(mode: str, secret: str, previous_secret: str, body: bytes) -> str | None:
    """The signature header's value, None when the header is left out.

    right: as documented. previous: with the secret before the last rotation. wrong: with a secret nobody set.
    missing, empty: no header, an empty one. hex: right, but in hexadecimal. other_body: over other bytes than are sent.
    plain_hash: HMAC replaced by a plain hash of secret and body.
    """
    if mode == "missing":
        return None
    if mode == "empty":
        return ""
    if mode == "plain_hash":
        return base64.b64encode(hashlib.sha256(secret.encode() + body).digest()).decode()
    key = {"previous": previous_secret, "wrong": "not-the-secret"}.get(mode, secret).encode()
    digest = hmac.new(key, body + b" " if mode == "other_body" else body, hashlib.sha256).digest()
    return digest.hex() if mode == "hex" else base64.b64encode(digest).decode()
