"""The errors between the connector and Asana: a refusal, or no usable answer."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.airbyte_secrets_utils import filter_secrets
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from destination_asana.asana.explanations import explanation_of
from destination_asana.asana.refusals import Cause, Refusal, causes_of, refusal_of, scopes_in
from destination_asana.plain import plain


@dataclass
class AsanaError(Exception):
    """An error answer of Asana, after all sensible retries.

    `status` is the HTTP status, `message` Asana's message, `method` and `path` the request.
    """

    status: int
    message: str
    method: str
    path: str

    def __str__(self) -> str:
        return f"Asana answered {self.status} to {self.method} {self.path}: {self.message}"

    @property
    def refusal(self) -> Refusal:
        """The kind of refusal, by the table in refusals.py."""
        return refusal_of(self.status, self.message)

    @property
    def causes(self) -> frozenset[Cause]:
        """The causes that Asana names, by the same table."""
        return causes_of(self.status, self.message)

    @property
    def missing_scopes(self) -> list[str]:
        """The scopes that the request needs from an OAuth app, if Asana names them."""
        return scopes_in(self.message) if self.refusal is Refusal.SCOPE_MISSING else []

    def names(self, word: str) -> bool:
        """Whether Asana's message names something: a gid, a field."""
        return word.lower() in self.message.lower()

    def says_the_same_as(self, other: AsanaError | None) -> bool:
        """Whether Asana has refused another request with the same message."""
        return other is not None and self.message == other.message

    def as_traced(self, doing: str) -> AirbyteTracedException:
        """The same as the error an Airbyte user reads; `doing` says in words what was being done."""
        kind, cause, remedy = explanation_of(self.refusal, self.missing_scopes)
        return AirbyteTracedException(
            message=f"{doing} failed: Asana said “{self.message}” ({self.status}). Likely cause: {cause}. What to do: {remedy}.",
            internal_message=str(self),
            failure_type=kind,
        )


@dataclass
class UnreachableError(Exception):
    """Asana gave no usable answer to any of the tries. `reason` says what happened instead, without secrets."""

    reason: str
    method: str
    path: str

    def __str__(self) -> str:
        return f"no usable answer from Asana to {self.method} {self.path}: {self.reason}"

    def as_traced(self, doing: str) -> AirbyteTracedException:
        """The same as the error an Airbyte user reads; `doing` says in words what was being done."""
        return AirbyteTracedException(
            message=f"{doing} failed: Asana could not be reached ({self.reason}). Check the network, the proxy and api_url, "
            "then run the sync again; nothing is lost.",
            internal_message=str(self),
            failure_type=FailureType.transient_error,
        )


def words_of(status: int, body: object, text: str) -> str:
    """Asana's message in an error answer of any shape: one line of at most 500 characters. Messages go into files and
    tasks as well as the log, so secrets are already masked here."""
    if isinstance(body, dict) and isinstance(body.get("errors"), list):
        parts = []
        for error in body["errors"]:
            if isinstance(error, dict):
                phrase = f" (phrase: {error['phrase']})" if error.get("phrase") else ""
                parts.append(f"{error.get('message') or ''}{phrase}".strip())
        message = "; ".join(part for part in parts if part)
    else:
        message = html.unescape(re.sub(r"<[^>]*>", " ", text))
    message = one_line(message)
    return message or f"nothing but the status {status}"


def one_line(text: str) -> str:
    """A service's message on one line of at most 500 characters, without secrets."""
    return filter_secrets(" ".join(plain(text).split()))[:500]
