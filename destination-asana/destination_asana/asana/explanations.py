"""Refusals in words: for each kind, who must fix it, the likely cause, and what to do."""

from __future__ import annotations

from collections.abc import Sequence

from airbyte_cdk.models import FailureType

from destination_asana.asana.refusals import Refusal

PLAN_EXPLANATION = (
    "Asana refuses custom fields on this workspace's plan (402). They are a paid feature, and the connector keeps the "
    "identity of every Visma document in one of them. Upgrade the workspace to Starter or higher, or choose a paid "
    "workspace in the connector's settings. Nothing was written."
)

Explanation = tuple[FailureType, str, str]

_NOT_ACCEPTED = (FailureType.config_error, "Asana did not accept the content of a request", "see what Asana said above")
_NOT_THERE = (
    FailureType.config_error,
    "the object does not exist, or the token's user cannot see it",
    "check the gid in the connector's settings and share the object with the token's user",
)
# (failure type, likely cause, what to do). Source: Asana developer docs, "Errors".
EXPLANATIONS: dict[Refusal, Explanation] = {
    Refusal.NOT_ACCEPTED: _NOT_ACCEPTED,
    Refusal.DATE_UNFILLED: _NOT_ACCEPTED,
    Refusal.OTHER: _NOT_ACCEPTED,
    Refusal.UNKNOWN_OBJECT: _NOT_THERE,
    Refusal.GONE: _NOT_THERE,
    Refusal.UNAUTHORIZED: (
        FailureType.config_error,
        "the access token is mistyped, revoked, or switched off by an Asana administrator",
        "create a new token in the Asana developer console and put it in the connector's settings",
    ),
    Refusal.PREMIUM_NEEDED: (
        FailureType.config_error,
        "the workspace's plan does not include this feature",
        "upgrade the workspace to Starter or higher, or choose a paid workspace",
    ),
    Refusal.FORBIDDEN: (
        FailureType.config_error,
        "the token's user may not do this (comment-only project, locked field, or app not allowed by an administrator)",
        "give that user edit rights on the project and its custom fields, or use another user's token",
    ),
    Refusal.FULL_PERMISSIONS_NEEDED: (
        FailureType.config_error,
        "the OAuth app has been given single scopes only, and Asana wants full permissions for this request",
        "choose full permissions for the app in the Asana developer console, then authorise it again and put the new "
        "refresh token in the connector's settings; or use a personal access token",
    ),
    Refusal.TOO_MANY_REQUESTS: (
        FailureType.transient_error,
        "Asana's rate limit stayed exhausted through every retry",
        "run the sync again later, or run fewer syncs with this token at the same time",
    ),
    Refusal.EMBARGOED: (
        FailureType.config_error,
        "Asana refuses this network for legal reasons",
        "run the connector elsewhere",
    ),
    Refusal.SERVER_FAULT: (
        FailureType.transient_error,
        "a fault on Asana's side",
        "run the sync again; nothing is lost",
    ),
}


def explanation_of(refusal: Refusal, missing_scopes: Sequence[str]) -> Explanation:
    """The explanation of a kind of refusal, with the missing scopes."""
    if refusal is Refusal.SCOPE_MISSING:
        scopes = ", ".join(missing_scopes)
        return (
            FailureType.config_error,
            f"the OAuth app has not been given the scope {scopes}",
            f"add {scopes} to the app in the Asana developer console, or full permissions, then authorise it again and put "
            "the new refresh token in the connector's settings",
        )
    return EXPLANATIONS[refusal]
