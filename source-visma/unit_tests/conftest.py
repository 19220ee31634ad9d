"""What the unit tests share."""

import pytest
import requests


@pytest.fixture
def config() -> dict[str, str]:
    return {"client_id": "id", "client_secret": "secret", "tenant_id": "tenant", "company_id": "0042"}


@pytest.fixture
def answer():
    """Makes a response with this body, as requests hands it over."""

    def make(body: bytes, status: int = 200, **headers: str) -> requests.Response:
        response = requests.Response()
        response.status_code = status
        response._content = body
        response.headers.update({name.replace("_", "-"): value for name, value in headers.items()})
        return response

    return make
