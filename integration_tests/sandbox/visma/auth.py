"""Visma Connect: the token endpoint for client credentials, and the rights of an API call's token.

Error codes are those of OAuth 2.0 (RFC 6749, section 5.2) plus ``invalid_tenant``, which Visma Connect adds.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from urllib.parse import parse_qsl

from integration_tests.sandbox.visma.errors import RefusedError, refusal
from integration_tests.sandbox.visma.settings import ALL_SCOPES, CLIENT_ID, CLIENT_SECRET, TENANT_ID, Settings
from integration_tests.sandbox.visma.stamps import Clock


@dataclass
class Token:
    """One issued token. ``number`` identifies it in the request log, which never contains its value."""

    number: int
    scopes: frozenset[str]
    expires_at: float
    refusals: int = 0  # how many calls with it are still refused
    revoked: bool = False


class TokenService:
    """Issues and checks tokens."""

    def __init__(self, settings: Settings, clock: Clock) -> None:
        self._settings = settings
        self._clock = clock
        self._tokens: dict[str, Token] = {}

    @property
    def issued(self) -> int:
        """The number of issued tokens."""
        return len(self._tokens)

    def issue(self, content_type: str, authorization: str | None, body: bytes) -> dict[str, object]:
        """The answer to a token request. Raises RefusedError with an OAuth error body."""
        if authorization:
            raise oauth_error("invalid_request", "The client must use one way to authenticate, not two.")
        if content_type.split(";", maxsplit=1)[0].strip().lower() != "application/x-www-form-urlencoded":
            raise oauth_error("invalid_request", "The request must be application/x-www-form-urlencoded.")
        pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)
        form = dict(pairs)
        if len(form) != len(pairs):
            raise oauth_error("invalid_request", "A parameter is included more than once.")
        if not form.get("grant_type"):
            raise oauth_error("invalid_request", "grant_type is missing.")
        if form["grant_type"] != "client_credentials":
            raise oauth_error("unsupported_grant_type")
        known = hmac.compare_digest(form.get("client_id", "").encode(), CLIENT_ID.encode())
        if not (known and hmac.compare_digest(form.get("client_secret", "").encode(), CLIENT_SECRET.encode())):
            raise oauth_error("invalid_client")
        if not form.get("tenant_id"):
            raise oauth_error("invalid_request", "tenant_id is required for tenant-based APIs.")
        if form["tenant_id"] != TENANT_ID or self._settings.grant == "invalid_tenant":
            raise oauth_error("invalid_tenant")
        scopes = form.get("scope", "").split(" ")
        if any(scope not in ALL_SCOPES or scope not in self._settings.allowed_scopes for scope in scopes):
            raise oauth_error("invalid_scope")
        value = secrets.token_urlsafe(48)
        lifetime = self._settings.token_lifetime
        expires_at = self._clock.seconds() + lifetime
        self._tokens[value] = Token(len(self._tokens) + 1, frozenset(scopes), expires_at, self._settings.token_refusals)
        return {"access_token": value, "expires_in": lifetime, "token_type": "Bearer", "scope": " ".join(scopes)}

    def revoke_all(self) -> int:
        """Invalidates all tokens, as an administrator or a key change would. Returns how many were valid."""
        alive = [token for token in self._tokens.values() if self._alive(token)]
        for token in alive:
            token.revoked = True
        return len(alive)

    def find(self, authorization: str | None) -> Token | None:
        """The token in an Authorization header, valid or not; None if the sandbox did not issue it."""
        scheme, _, value = (authorization or "").partition(" ")
        return self._tokens.get(value) if scheme.lower() == "bearer" else None

    def check(self, token: Token | None, scope: str) -> None:
        """Raises RefusedError: 401 for a token that is missing, unknown, expired or revoked, 403 for one without the scope."""
        challenge = {"WWW-Authenticate": "Bearer"}
        if token is None:
            raise refusal(401, "Authorization has been denied for this request.", challenge)
        if not self._alive(token):
            challenge = {"WWW-Authenticate": 'Bearer error="invalid_token", error_description="The token expired"'}
            raise refusal(401, "The access token expired or was revoked.", challenge)
        if token.refusals:
            token.refusals -= 1
            raise refusal(401, "Authorization has been denied for this request.", challenge)
        if self._settings.grant == "unauthorized":
            raise refusal(401, "The integration is not approved for this tenant.", challenge)
        if self._settings.grant == "forbidden":
            raise refusal(403, "The integration is not approved for this tenant.")
        if scope not in token.scopes:
            raise refusal(403, f"The access token lacks the required scope {scope}.")

    def _alive(self, token: Token) -> bool:
        return not token.revoked and self._clock.seconds() < token.expires_at


def oauth_error(code: str, description: str | None = None) -> RefusedError:
    """An error answer of the token endpoint."""
    body = {"error": code} | ({"error_description": description} if description else {})
    return RefusedError(400, body, {"Cache-Control": "no-store"})
