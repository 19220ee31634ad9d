"""The access token on a request."""

import requests


class BearerAuth(requests.auth.AuthBase):
    """Puts a token on a request, or nothing. Without an ``auth``, requests would take a password from ~/.netrc."""

    def __init__(self, token: str = "") -> None:
        self._token = token

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """The request with its token."""
        if self._token:
            request.headers["Authorization"] = f"Bearer {self._token}"
        return request
