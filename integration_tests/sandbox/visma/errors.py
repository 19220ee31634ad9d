"""Refusals, with bodies as seen from the real service: ``{"message": …}`` from the ERP, ``Exception…`` keys from the
gateway."""

from __future__ import annotations

import uuid
from typing import Any


class RefusedError(Exception):
    """An answer other than success, raised anywhere below the endpoint that sends it."""

    def __init__(self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        super().__init__(status, body)
        self.status = status
        self.body = body
        self.headers = headers or {}


def refusal(status: int, message: str, headers: dict[str, str] | None = None) -> RefusedError:
    """A refusal in the plain form."""
    return RefusedError(status, {"message": message}, headers)


def erp_refusal(status: int, message: str) -> RefusedError:
    """A refusal in the ERP's words, with the id that support asks for."""
    return RefusedError(status, {"message": f"VismaId: {uuid.uuid4()}. {message}"})


def gateway_refusal(status: int, code: str, message: str) -> RefusedError:
    """A refusal of the API gateway, the so-called IPPException."""
    return RefusedError(
        status,
        {
            "ExceptionType": "IPPException",
            "ExceptionMessage": message,
            "ExceptionFaultCode": code,
            "ExceptionMessageID": f"{code}_{uuid.uuid4()}",
            "ExceptionDetails": "",
        },
    )


def not_found() -> RefusedError:
    """No such record."""
    return refusal(404, "The requested resource was not found.")
