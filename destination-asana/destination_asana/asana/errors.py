"""What can go wrong, as a table: which answers of Asana are worth a repeat, whose fault they are, what a person should do."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass

from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.airbyte_secrets_utils import filter_secrets
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

RETRY_STATUSES = frozenset({429, 500, 502, 503, 504})

PLAN_EXPLANATION = (
    "Asana refuses custom fields on this workspace's plan (402). They are a paid feature, and the connector keeps the "
    "identity of every Visma document in one of them. Upgrade the workspace to Starter or higher, or choose a paid "
    "workspace in the connector's settings. Nothing was written."
)

# status → (failure type, likely cause, what to do). Source: Asana developer docs, "Errors".
EXPLANATIONS: dict[int, tuple[FailureType, str, str]] = {
    400: (FailureType.config_error, "Asana did not accept the content of a request", "see what Asana said above"),
    401: (
        FailureType.config_error,
        "the access token is mistyped, revoked, or switched off by an Asana administrator",
        "create a new token in the Asana developer console and put it in the connector's settings",
    ),
    402: (
        FailureType.config_error,
        "the workspace's plan does not include this feature",
        "upgrade the workspace to Starter or higher, or choose a paid workspace",
    ),
    403: (
        FailureType.config_error,
        "the token's user may not do this (comment-only project, locked field, or app not allowed by an administrator)",
        "give that user edit rights on the project and its custom fields, or use another user's token",
    ),
    404: (
        FailureType.config_error,
        "the object does not exist, or the token's user cannot see it",
        "check the gid in the connector's settings and share the object with the token's user",
    ),
    429: (
        FailureType.transient_error,
        "Asana's rate limit stayed exhausted through every retry",
        "run the sync again later, or run fewer syncs with this token at the same time",
    ),
    451: (FailureType.config_error, "Asana refuses this network for legal reasons", "run the connector elsewhere"),
}
_SCOPES = re.compile(r"\b[a-z_.]+:(?:read|write|delete)\b")
SERVER_SIDE = (FailureType.transient_error, "a fault on Asana's side", "run the sync again; nothing is lost")


@dataclass
class AsanaError(Exception):
    """An answer of Asana that is not a success, after all sensible repeats.

    `status` is the HTTP status, `said` Asana's own words, `method` and `path` the request it answered.
    """

    status: int
    said: str
    method: str
    path: str

    def __str__(self) -> str:
        return f"Asana answered {self.status} to {self.method} {self.path}: {self.said}"

    @property
    def unknown_object(self) -> bool:
        """Whether an object does not exist or is not shown: Asana answers either with the same words, of a well-formed gid
        too that it is no recognized ID, and not always with the status 404."""
        said = self.said.lower()
        told = "unknown object" in said or "not a recognized id" in said
        return self.status == 404 or (self.status == 400 and told)

    @property
    def missing_scopes(self) -> list[str]:
        """The scopes that an OAuth app would need for the request, where Asana names them."""
        if self.status != 403 or "scope" not in self.said.lower():
            return []
        return list(dict.fromkeys(_SCOPES.findall(self.said)))

    def _explanation(self) -> tuple[FailureType, str, str]:
        if self.missing_scopes:
            scopes = ", ".join(self.missing_scopes)
            return (
                FailureType.config_error,
                f"the OAuth app has not been given the scope {scopes}",
                f"add {scopes} to the app in the Asana developer console, or full permissions, then authorise it again and put "
                "the new refresh token in the connector's settings",
            )
        if self.status == 403 and "full permissions" in self.said.lower():
            return (
                FailureType.config_error,
                "the OAuth app has been given single scopes only, and Asana wants full permissions for this request",
                "choose full permissions for the app in the Asana developer console, then authorise it again and put the new "
                "refresh token in the connector's settings; or use a personal access token",
            )
        status = 404 if self.unknown_object else self.status
        return EXPLANATIONS.get(status, SERVER_SIDE if status >= 500 else EXPLANATIONS[400])

    def as_traced(self, doing: str) -> AirbyteTracedException:
        """The same as the error an Airbyte user reads; `doing` says in words what was being done."""
        kind, cause, remedy = self._explanation()
        return AirbyteTracedException(
            message=f"{doing} failed: Asana said “{self.said}” ({self.status}). Likely cause: {cause}. What to do: {remedy}.",
            internal_message=str(self),
            failure_type=kind,
        )


@dataclass
class UnreachableError(Exception):
    """Asana gave no usable answer through every repeat. `reason` says what was seen instead; it names no secret."""

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
    """Asana's own words out of an error answer, one line of at most 500 characters, whatever shape the body has. They
    end in files and in tasks as well as on the log, so secrets are masked here already."""
    if isinstance(body, dict) and isinstance(body.get("errors"), list):
        parts = []
        for error in body["errors"]:
            if isinstance(error, dict):
                phrase = f" (phrase: {error['phrase']})" if error.get("phrase") else ""
                parts.append(f"{error.get('message') or ''}{phrase}".strip())
        said = "; ".join(part for part in parts if part)
    else:
        said = html.unescape(re.sub(r"<[^>]*>", " ", text))
    said = one_line(said)
    return said or f"nothing but the status {status}"


def one_line(text: str) -> str:
    """A service's words on one line of at most 500 characters, without secrets."""
    return filter_secrets(" ".join(text.split()))[:500]
