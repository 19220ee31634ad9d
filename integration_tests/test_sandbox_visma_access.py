"""The sandbox Visma's door: tokens, tenant, company, headers, routes, rate limits."""

from __future__ import annotations

import httpx
import pytest

from integration_tests import plain_http
from integration_tests.sandbox.harness import SandboxError, VismaSandbox
from integration_tests.sandbox.visma.client import connect, request_token

pytest_plugins = ["integration_tests.sandbox.visma.testing"]


@pytest.mark.parametrize(
    ("form", "error"),
    [
        ({"grant_type": None}, "invalid_request"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"client_id": "someone"}, "invalid_client"),
        ({"client_secret": "wrong"}, "invalid_client"),
        ({"client_secret": None}, "invalid_client"),
        ({"tenant_id": None}, "invalid_request"),
        ({"tenant_id": "00000000-0000-0000-0000-000000000000"}, "invalid_tenant"),
        ({"scope": None}, "invalid_scope"),
        ({"scope": "vismanet_erp_service_api:everything"}, "invalid_scope"),
        ({"scope": "vismanet_erp_service_api:read offline_access"}, "invalid_scope"),
        ({"scope": "vismanet_erp_service_api:delete"}, "invalid_scope"),
    ],
)
def test_token_endpoint_checks_each_parameter(visma: VismaSandbox, form: dict[str, str | None], error: str) -> None:
    answer = request_token(visma, **form)
    assert (answer.status_code, answer.json()["error"]) == (400, error)


def test_token_request_must_be_a_form(visma: VismaSandbox) -> None:
    answer = plain_http.post(f"{visma.url}/connect/token", json={"grant_type": "client_credentials"})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    assert plain_http.get(f"{visma.url}/connect/token").status_code == 405


def test_one_way_to_authenticate_is_enough(visma: VismaSandbox) -> None:
    """RFC 6749, section 2.3: the secret in the body and a header beside it are one too many."""
    answer = plain_http.post(f"{visma.url}/connect/token", data={"grant_type": "client_credentials"}, auth=("a", "b"))
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_token_lives_as_long_as_it_says(visma: VismaSandbox) -> None:
    visma.settings(token_lifetime=900)
    assert request_token(visma).json()["expires_in"] == 900
    with connect(visma) as api:
        visma.control("POST", "clock", {"advance": 600})
        assert api.get("/v1/employee").status_code == 200
        visma.control("POST", "clock", {"advance": 300})
        assert api.get("/v1/employee").status_code == 401


def test_revoked_token_is_refused_and_a_new_one_works(visma: VismaSandbox, api: httpx.Client) -> None:
    assert visma.revoke_tokens() == 1
    answer = api.get("/v1/supplier")
    assert answer.status_code == 401
    assert "invalid_token" in answer.headers["WWW-Authenticate"]
    with connect(visma) as again:
        assert again.get("/v1/supplier").status_code == 200


@pytest.mark.parametrize(("grant", "status"), [("unauthorized", 401), ("forbidden", 403)])
def test_application_without_the_tenants_grant(visma: VismaSandbox, api: httpx.Client, grant: str, status: int) -> None:
    visma.settings(grant=grant)
    assert api.get("/v1/supplier").status_code == status
    visma.settings(grant="invalid_tenant")
    assert request_token(visma).json() == {"error": "invalid_tenant"}


def test_route_without_token_is_401_and_no_route_is_404(visma: VismaSandbox) -> None:
    assert plain_http.get(f"{visma.url}/v1/supplier").status_code == 401
    assert plain_http.get(f"{visma.url}/v1/supplier", headers={"Authorization": "Bearer nonsense"}).status_code == 401
    for path in ("/v1/suppliers", "/v1/SUPPLIER", "/erp/service/v1/supplier", "/API/controller/api/v1/supplier"):
        assert plain_http.get(f"{visma.url}{path}").status_code == 404


def test_nothing_but_reading_and_notes(api: httpx.Client) -> None:
    assert api.post("/v1/supplierInvoice", json={}).status_code == 405
    assert api.delete("/v1/supplierInvoice/Invoice/200001").status_code == 405
    assert api.put("/v1/customerinvoice/100001", json={}).status_code == 405


@pytest.mark.parametrize("company", [None, "999"])
def test_wrong_company_sees_nothing(visma: VismaSandbox, company: str | None) -> None:
    with connect(visma, company=company) as api:
        assert api.get("/v1/supplier").json() == []
        assert api.get("/v1/dimension").json() == []
        assert api.get("/v1/supplier/50001").status_code == 404
        visma.settings(company_mode="no_license")
        refused = api.get("/v1/supplier")
        assert refused.status_code == 400
        assert refused.json()["ExceptionType"] == "IPPException"
        assert refused.json()["ExceptionFaultCode"] == "12027"
        visma.settings(company_mode="forbidden")
        assert api.get("/v1/customer").status_code == 403


def test_accept_header_is_required(visma: VismaSandbox, api: httpx.Client) -> None:
    assert api.get("/v1/supplier", headers={"Accept": "*/*"}).status_code == 406
    visma.settings(strict_accept=False)
    assert api.get("/v1/supplier", headers={"Accept": "*/*"}).status_code == 200


def test_rate_limit_counts_down_and_names_the_wait(visma: VismaSandbox, api: httpx.Client) -> None:
    visma.settings(rate_limit=3, rate_window=600.0)
    remaining = [api.get(f"/v1/employee/{number}").headers["X-RateLimit-Remaining"] for number in (101, 102, 103)]
    assert remaining == ["2", "1", "0"]
    refused = api.get("/v1/employee/104")
    assert refused.status_code == 429
    # Each is worked out when it is written; a second may pass in between.
    assert int(refused.headers["Retry-After"]) - int(refused.headers["X-RateLimit-Reset"]) in (0, 1)
    assert 300 < int(refused.headers["Retry-After"]) <= 600
    assert refused.headers["X-RateLimit-Policy"] == "4-fixed-window"
    assert visma.stats()["calls_before_retry_after"] == 0
    visma.control("POST", "clock", {"advance": 300})
    assert 0 < int(api.get("/v1/employee/104").headers["Retry-After"]) <= 300
    assert visma.stats()["calls_before_retry_after"] == 1
    visma.control("POST", "clock", {"advance": 300})
    assert api.get("/v1/employee/104").status_code == 200


def test_the_same_failing_request_is_soon_refused(visma: VismaSandbox, api: httpx.Client) -> None:
    statuses = [api.get("/v1/supplier/nobody").status_code for _ in range(3)]
    assert statuses == [404, 404, 429]
    assert api.get("/v1/supplier/somebody").status_code == 404
    visma.control("POST", "clock", {"advance": 301})
    assert api.get("/v1/supplier/nobody").status_code == 404


def test_the_same_request_may_be_limited_too(visma: VismaSandbox, api: httpx.Client) -> None:
    visma.settings(repeat_limit=5)
    statuses = [api.get("/v1/account").status_code for _ in range(6)]
    assert statuses == [200] * 5 + [429]


def test_headers_of_every_answer(api: httpx.Client) -> None:
    for path in ("/v1/supplier", "/v1/supplier/nobody", "/v1/nowhere"):
        headers = api.get(path).headers
        assert {"ipp-request-id", "request-context", "x-ratelimit-limit", "x-ratelimit-reset"} <= set(headers)


def test_answers_are_packed_when_asked(visma: VismaSandbox, api: httpx.Client) -> None:
    plain = api.get("/v1/supplier")
    visma.settings(compress=True)
    packed = api.get("/v1/supplier")
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.json() == plain.json()


def test_log_tells_what_was_asked_but_no_secret(visma: VismaSandbox, api: httpx.Client) -> None:
    api.get("/v1/supplier", params={"pageNumber": "1", "pageSize": "2"})
    entry = visma.log(path="/v1/supplier")[-1]
    assert entry["query"] == {"pageNumber": "1", "pageSize": "2"}
    assert entry["headers"]["ipp-company-id"] == "4100251"
    assert (entry["status"], entry["token"], entry["fault"]) == (200, 1, None)
    everything = str(visma.control("GET", "log"))
    assert "sandbox-visma-secret" not in everything
    assert api.headers["Authorization"].removeprefix("Bearer ") not in everything


def test_control_refuses_what_it_does_not_know(visma: VismaSandbox) -> None:
    with pytest.raises(SandboxError, match="unknown setting 'latncy'"):
        visma.settings(latncy=1)
    with pytest.raises(SandboxError, match="company_mode"):
        visma.settings(company_mode="friendly")
    with pytest.raises(SandboxError, match="unknown key"):
        visma.fault(kind="drop", tmies=2)
