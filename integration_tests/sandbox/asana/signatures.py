"""Deliveries that go wrong on purpose: lost, sent twice, late, or with an invalid signature of some kind."""

import base64
import hashlib
import hmac
from dataclasses import dataclass

KINDS = {
    "lose": "the delivery never comes",
    "duplicate": "the delivery comes twice",
    "hold": "the delivery comes after the next one",
    "no_signature": "the header is missing",
    "empty_signature": "the header is empty",
    "wrong_secret": "signed with another secret",
    "other_body": "signed over another body",
    "cut_signature": "the last sixteen digits are missing",
    "base64_signature": "the right digest in base64",
    "sha1_signature": "hex of another digest",
}


@dataclass
class Mischief:
    """One entry of `POST /_control/webhooks/mischief`; `webhook` None = any, `heartbeats` also hits empty deliveries."""

    kind: str
    webhook: str | None = None
    left: int = 1
    heartbeats: bool = False

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown kind {self.kind}; known: {', '.join(KINDS)}")


def headers(secret: str, body: bytes, order: Mischief | None) -> dict[str, str]:
    """The headers of a delivery, signed with the webhook's secret in the requested way (None: correctly)."""
    kind = order.kind if order else ""
    right = _hex(secret, body)
    if kind == "no_signature":
        return {}
    other = {
        "empty_signature": "",
        "wrong_secret": _hex("another secret", body),
        "other_body": _hex(secret, body + b" "),
        "cut_signature": right[:-16],
        "base64_signature": base64.b64encode(bytes.fromhex(right)).decode(),
        "sha1_signature": hmac.new(secret.encode(), body, hashlib.sha1).hexdigest(),
    }
    return {"X-Hook-Signature": other.get(kind, right)}


def _hex(secret: str, body: bytes) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
