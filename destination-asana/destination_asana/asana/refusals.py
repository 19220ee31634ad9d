"""The meaning of Asana's refusals, in one table of statuses and messages. Pure.

`refusal_of` returns the kind of a refusal, `causes_of` the causes that Asana names. Messages are matched loosely, because
they are not documented and change. Sources: "docs" is Asana's developer documentation, "Errors" (2025-09); "API" its
OpenAPI document (2026-06); "seen" are texts that public clients of the API have met.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Refusal(StrEnum):
    """The kinds of refusals."""

    NOT_ACCEPTED = "the content of the request is not accepted"
    UNKNOWN_OBJECT = "the request names an object that does not exist, or is not shown to the token's user"
    UNAUTHORIZED = "the access token is not accepted"
    PREMIUM_NEEDED = "the workspace's plan does not include this"
    SCOPE_MISSING = "the OAuth app lacks a scope"
    FULL_PERMISSIONS_NEEDED = "the OAuth app lacks full permissions"
    FORBIDDEN = "the token's user may not do this"
    GONE = "the object of the request does not exist, or is not shown to the token's user"
    DATE_UNFILLED = "a date that a project template asks for is missing"
    TOO_MANY_REQUESTS = "the rate limit is exhausted"
    EMBARGOED = "this network is refused for legal reasons"
    SERVER_FAULT = "a fault on Asana's side"
    OTHER = "not documented"


class Cause(StrEnum):
    """The causes that Asana names in a refusal. One refusal may name several."""

    ALREADY_SO = "what was asked for is so already"
    NAME_TAKEN = "the name is taken"
    LIMIT = "there are as many as Asana takes"
    OFFSET_EXPIRED = "the place in a list is no longer known"
    TEAM = "a team"
    ASSIGNEE = "an assignee"
    START_DATE = "a start date"
    SECTION = "a section"
    PLACE = "a project, or a section of one"
    DATE_VALUE = "a date, or its form"
    CUSTOM_FIELD = "a custom field, or an option of one"
    DESCRIPTION = "a description"
    EXTERNAL = "external data, which Asana's documentation allows to OAuth apps only"


@dataclass(frozen=True)
class Meaning:
    """A row of the table: a status, and words that must all be present, mean a kind of refusal."""

    status: int
    refusal: Refusal
    source: str
    words: tuple[re.Pattern[str], ...] = ()

    def fits(self, status: int, message: str) -> bool:
        return status == self.status and all(words.search(message) for words in self.words)


@dataclass(frozen=True)
class Naming:
    """A row of the table: these words, in a refusal with one of these statuses, name a cause."""

    cause: Cause
    words: re.Pattern[str]
    statuses: frozenset[int]
    source: str

    def fits(self, status: int, message: str) -> bool:
        return status in self.statuses and self.words.search(message) is not None


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_SCOPE = re.compile(r"\b[a-z_.]+:(?:read|write|delete)\b")
_NO_OBJECT = _words("unknown object|not a recognized id")

# The first matching row counts.
MEANINGS = (
    Meaning(
        400, Refusal.UNKNOWN_OBJECT, "docs; seen: `parent: Unknown object: 1`, `Not a recognized ID: 1`", (_NO_OBJECT,)
    ),
    Meaning(400, Refusal.NOT_ACCEPTED, "docs"),
    Meaning(401, Refusal.UNAUTHORIZED, "docs: also an app or token that an administrator has switched off"),
    Meaning(402, Refusal.PREMIUM_NEEDED, "docs"),
    Meaning(
        403,
        Refusal.SCOPE_MISSING,
        "Asana's forum on granular scopes: the missing ones are named",
        (_words("scope"), _SCOPE),
    ),
    Meaning(403, Refusal.FULL_PERMISSIONS_NEEDED, "API: operations without a scope", (_words("full permissions"),)),
    Meaning(403, Refusal.FORBIDDEN, "docs: comment-only project, locked field, app that is not allowed"),
    Meaning(404, Refusal.GONE, "docs: also what is not visible"),
    Meaning(422, Refusal.DATE_UNFILLED, "API: instantiateProject, is_strict"),
    Meaning(429, Refusal.TOO_MANY_REQUESTS, "docs"),
    Meaning(451, Refusal.EMBARGOED, "docs"),
)

_CONTENT, _WRITE, _PROJECT = frozenset({400}), frozenset({400, 404}), frozenset({400, 403, 404})
# All matching rows count.
NAMINGS = (
    Naming(Cause.ALREADY_SO, _words("already"), _CONTENT, "seen: a field attached twice “already exists”"),
    Naming(
        Cause.NAME_TAKEN,
        _words("already|exist|taken|unique|duplicate|in use"),
        _CONTENT,
        "API: names of custom fields are unique in a workspace; the words are not documented",
    ),
    Naming(
        Cause.LIMIT,
        _words("maximum|at most|limit|too many|more than|exceed"),
        frozenset({400, 403}),
        "API: at most 20 fields on a portfolio, “like projects”; the words are not documented",
    ),
    Naming(
        Cause.OFFSET_EXPIRED,
        _words("pagination token|^(?!.*too large).*offset"),
        _CONTENT,
        "docs, “Pagination”; seen: `offset: Your pagination token has expired.`",
    ),
    Naming(Cause.TEAM, _words("team"), _CONTENT, "API: some organizations want a team for a project"),
    Naming(Cause.ASSIGNEE, _words("assignee"), _WRITE, "seen: `assignee: Not a user in Organization: 1`"),
    Naming(Cause.START_DATE, _words("start"), _WRITE, "API: a start date wants a due date that is not before it"),
    Naming(Cause.SECTION, _words("section|membership"), _WRITE, "API: the names of these keys"),
    Naming(Cause.PLACE, _words("project|membership|section"), _PROJECT, "API: the names of these keys"),
    Naming(
        Cause.DATE_VALUE, _words(r"\bdates?\b|date_value|yyyy"), _WRITE, "API: the form of date values is not clear"
    ),
    Naming(
        Cause.CUSTOM_FIELD,
        _words("custom field|custom_field|enum"),
        _WRITE,
        "seen: `Custom field with ID 1 is not on given object`",
    ),
    Naming(Cause.DESCRIPTION, _words("notes"), _CONTENT, "API: the names of these keys"),
    Naming(
        Cause.EXTERNAL,
        _words("external"),
        frozenset({400, 402, 403}),
        "API: the name of this key; the words are not documented",
    ),
)

# --- kinds that are treated alike ---

NOT_THERE = frozenset({Refusal.GONE, Refusal.UNKNOWN_OBJECT})
OF_CONTENT = frozenset({Refusal.NOT_ACCEPTED, Refusal.UNKNOWN_OBJECT})
OF_CONTENT_OR_GONE = OF_CONTENT | {Refusal.GONE}
OF_RIGHTS = frozenset({Refusal.FORBIDDEN, Refusal.FULL_PERMISSIONS_NEEDED})
# A missing scope is fixed in the app, so it is often treated differently from missing rights in one project or field.
OF_RIGHTS_OR_SCOPES = OF_RIGHTS | {Refusal.SCOPE_MISSING}
OF_ONE_OBJECT = OF_CONTENT_OR_GONE | OF_RIGHTS
NOT_SHOWN = OF_RIGHTS_OR_SCOPES | {Refusal.GONE}
# The sync can do without the requested part.
UNAVAILABLE_HERE = OF_ONE_OBJECT | {Refusal.SCOPE_MISSING}
UNAVAILABLE = UNAVAILABLE_HERE | {Refusal.PREMIUM_NEEDED}


def refusal_of(status: int, message: str) -> Refusal:
    """The kind of a refusal with this status and message."""
    for meaning in MEANINGS:
        if meaning.fits(status, message):
            return meaning.refusal
    return Refusal.SERVER_FAULT if status >= 500 else Refusal.OTHER


def causes_of(status: int, message: str) -> frozenset[Cause]:
    """The causes named in a refusal with this status and message."""
    return frozenset(naming.cause for naming in NAMINGS if naming.fits(status, message))


def scopes_in(message: str) -> list[str]:
    """The scopes that Asana names, each once."""
    return list(dict.fromkeys(_SCOPE.findall(message)))
