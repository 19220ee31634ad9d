"""A plain HTTP client of the sandbox Visma, for its tests."""

from __future__ import annotations

from typing import Any

import httpx

from integration_tests import plain_http
from integration_tests.sandbox.harness import VismaSandbox
from integration_tests.sandbox.visma.settings import CLIENT_ID, CLIENT_SECRET, COMPANY_ID, READ, TENANT_ID


def connect(visma: VismaSandbox, scope: str = READ, company: str | None = COMPANY_ID) -> httpx.Client:
    """A client with a token of this scope."""
    answer = request_token(visma, scope=scope)
    headers = {"Authorization": f"Bearer {answer.json()['access_token']}", "Accept": "application/json"}
    if company is not None:
        headers["ipp-company-id"] = company
    return plain_http.Client(base_url=visma.url, headers=headers)


def request_token(visma: VismaSandbox, **form: str | None) -> httpx.Response:
    """A token request with the right credentials, except for the parameters given; None leaves a parameter out."""
    right = {
        "grant_type": "client_credentials",
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "scope": READ,
        "tenant_id": TENANT_ID,
    }
    wanted = {name: value for name, value in {**right, **form}.items() if value is not None}
    return plain_http.post(f"{visma.url}/connect/token", data=wanted)


def read_pages(api: httpx.Client, path: str, size: int, **query: str) -> list[dict[str, Any]]:
    """All records of a list, page after page until an empty one."""
    records: list[dict[str, Any]] = []
    number = 1
    while page := api.get(path, params={**query, "pageNumber": str(number), "pageSize": str(size)}).json():
        records += page
        number += 1
    return records
