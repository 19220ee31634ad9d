"""Access to Asana: requests, their rate, authentication, and the meaning of refusals.

The only room that speaks HTTP. Knows nothing of documents. Other rooms take from here the client and what a refusal means.
"""

from destination_asana.asana.auth import CHECK_PATIENCE_SECONDS, SYNC_PATIENCE_SECONDS, OAuthToken, PersonalAccessToken
from destination_asana.asana.client import CHECK_TIMEOUT, PAGE_SIZE, Client
from destination_asana.asana.errors import AsanaError, UnreachableError
from destination_asana.asana.explanations import PLAN_EXPLANATION
from destination_asana.asana.gate import MAX_READS_IN_FLIGHT, MAX_WRITES_IN_FLIGHT
from destination_asana.asana.refusals import (
    NOT_SHOWN,
    NOT_THERE,
    OF_CONTENT,
    OF_CONTENT_OR_GONE,
    OF_ONE_OBJECT,
    OF_RIGHTS,
    OF_RIGHTS_OR_SCOPES,
    UNAVAILABLE,
    UNAVAILABLE_HERE,
    Cause,
    Refusal,
)
from destination_asana.asana.stamps import iso, stamp_in

__all__ = [
    "CHECK_PATIENCE_SECONDS",
    "CHECK_TIMEOUT",
    "MAX_READS_IN_FLIGHT",
    "MAX_WRITES_IN_FLIGHT",
    "NOT_SHOWN",
    "NOT_THERE",
    "OF_CONTENT",
    "OF_CONTENT_OR_GONE",
    "OF_ONE_OBJECT",
    "OF_RIGHTS",
    "OF_RIGHTS_OR_SCOPES",
    "PAGE_SIZE",
    "PLAN_EXPLANATION",
    "SYNC_PATIENCE_SECONDS",
    "UNAVAILABLE",
    "UNAVAILABLE_HERE",
    "AsanaError",
    "Cause",
    "Client",
    "OAuthToken",
    "PersonalAccessToken",
    "Refusal",
    "UnreachableError",
    "iso",
    "stamp_in",
]
