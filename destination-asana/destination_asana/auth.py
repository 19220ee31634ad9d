"""The Authorization header: a personal access token as it is, or an OAuth access token renewed before it dies."""

from __future__ import annotations

import threading
import time

import requests
from airbyte_cdk.models import FailureType
from airbyte_cdk.utils import airbyte_secrets_utils
from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from destination_asana.errors import config_error, words_of

RENEWAL_MARGIN_SECONDS = 300
TOKEN_TIMEOUT = (10, 30)


class PersonalAccessToken:
    """A token that does not change; there is nothing to renew."""

    def __init__(self, token: str) -> None:
        self._token = token

    def token(self) -> str:
        return self._token

    def renew(self, refused: str) -> bool:
        """False: a refused personal access token stays refused."""
        return False


class OAuthToken:
    """Access tokens out of a refresh token (`grant_type=refresh_token`; source: Asana developer docs, "OAuth").

    Tokens live about an hour; one is renewed five minutes (or a tenth of its life) before it ends, by one thread for all.
    Raises AirbyteTracedException: config_error when Asana refuses the client or the refresh token, else transient_error.
    """

    def __init__(self, client_id: str, client_secret: str, refresh_token: str, token_url: str) -> None:
        self._form = {
            "grant_type": "refresh_token",
            "client_id": client_id,
            "client_secret": client_secret,
            "refresh_token": refresh_token,
        }
        self._token_url = token_url
        self._lock = threading.Lock()
        self._access_token = ""
        self._renew_at = 0.0

    def token(self) -> str:
        with self._lock:
            if time.monotonic() >= self._renew_at:
                self._fetch()
            return self._access_token

    def renew(self, refused: str) -> bool:
        """Fetches a new token unless another thread has replaced the refused one already; True: try again."""
        with self._lock:
            if self._access_token == refused:
                self._fetch()
            return True

    def _fetch(self) -> None:
        response = self._ask()
        try:
            body = response.json()
        except ValueError:
            body = None
        if response.status_code in (400, 401, 403):
            said = body.get("error_description") or body.get("error") if isinstance(body, dict) else None
            said = said or words_of(response.status_code, body, response.text)
            raise config_error(
                f"Asana does not renew the OAuth access: “{said}” ({response.status_code}). The client id, client secret or "
                "refresh token is wrong, or the access was revoked. Authorise the app again and update the settings."
            )
        if not response.ok or not isinstance(body, dict) or not body.get("access_token"):
            raise AirbyteTracedException(
                message=f"Asana's token service gave no token (status {response.status_code}). Run the sync again later.",
                failure_type=FailureType.transient_error,
            )
        self._access_token = str(body["access_token"])
        add_secret(self._access_token)
        lifetime = float(body.get("expires_in") or 3600)
        self._renew_at = time.monotonic() + lifetime - min(RENEWAL_MARGIN_SECONDS, lifetime / 10)

    def _ask(self, attempts: int = 3) -> requests.Response:
        for attempt in range(1, attempts + 1):
            try:
                # With an `auth` of its own, or requests would add what ~/.netrc says.
                response = requests.post(
                    self._token_url, data=self._form, auth=lambda request: request, timeout=TOKEN_TIMEOUT
                )
            except requests.RequestException as error:
                if attempt == attempts:
                    raise AirbyteTracedException(
                        message="Asana's token service could not be reached. Check the network and token_url, then try again.",
                        internal_message=type(error).__name__,
                        failure_type=FailureType.transient_error,
                    ) from None
            else:
                if response.status_code not in (429, 500, 502, 503, 504) or attempt == attempts:
                    return response
            time.sleep(attempt)
        raise AssertionError("unreachable")


def add_secret(value: str) -> None:
    """Registers a value that no log line may show."""
    airbyte_secrets_utils.add_to_secrets(value)
