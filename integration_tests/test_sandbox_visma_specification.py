"""Every record and answer of the sandbox Visma against the official OpenAPI document."""

from __future__ import annotations

import httpx
import pytest

from integration_tests.sandbox.harness import VismaSandbox
from integration_tests.sandbox.visma import specification
from integration_tests.sandbox.visma.client import connect, read_pages
from integration_tests.sandbox.visma.entities import ENTITIES, Entity
from integration_tests.sandbox.visma.settings import READ, UPDATE

pytest_plugins = ["integration_tests.sandbox.visma.testing"]
pytestmark = pytest.mark.skipif(
    not specification.available(), reason="the official OpenAPI documents are not at hand (OPENAPI_SPECS_DIR)"
)


@pytest.mark.parametrize("entity", ENTITIES)
def test_every_record_is_of_the_documented_shape(visma: VismaSandbox, entity: str) -> None:
    records = visma.documents(entity)
    assert records
    errors = [error for record in records for error in specification.record_errors(ENTITIES[entity].dto, record)]
    assert not errors, errors[:10]


@pytest.mark.parametrize("entity", ENTITIES.values(), ids=ENTITIES)
def test_lists_and_details_match_the_document(visma: VismaSandbox, api: httpx.Client, entity: Entity) -> None:
    query = {"lastModifiedDateTime": "2000-01-01"} if entity.name == "journaltransaction" else {}
    page = read_pages(api, entity.path, 1000, **query) if entity.page_cap else api.get(entity.path).json()
    assert not specification.answer_errors("GET", entity.path, 200, page[:50])
    number = page[0][entity.key[-1]]
    detail = api.get(f"{entity.path}/{number}")
    assert not specification.answer_errors("GET", f"{entity.path}/{number}", 200, detail.json())
    parameters = {p["name"] for p in specification.document()["paths"][entity.path]["get"]["parameters"]}
    ours = {*entity.filters, *entity.dates, *(f"{name}Condition" for name in entity.dates), *entity.expands}
    assert ours <= parameters
    assert ("pageNumber" in parameters) is (entity.page_cap is not None)


def test_dimensions_match_the_document(api: httpx.Client) -> None:
    names = api.get("/v1/dimension").json()
    assert not specification.answer_errors("GET", "/v1/dimension", 200, names)
    for name in names:
        dimension = api.get(f"/v1/dimension/{name}").json()
        assert not specification.answer_errors("GET", f"/v1/dimension/{name}", 200, dimension)
        segment = api.get(f"/v1/dimension/{name}/1").json()
        assert not specification.answer_errors("GET", f"/v1/dimension/{name}/1", 200, segment)


def test_refusals_match_the_document(visma: VismaSandbox, api: httpx.Client) -> None:
    for path, query in (
        ("/v1/supplier/nobody", {}),
        ("/v1/supplier", {"pageNumber": "0"}),
        ("/v2/journaltransaction", {}),
    ):
        refused = api.get(path, params=query)
        assert refused.status_code >= 400
        assert not specification.answer_errors("GET", path, refused.status_code, refused.json())
    with connect(visma, scope=f"{READ} {UPDATE}") as writer:
        path = "/v1/purchaseorder/500001"
        taken = writer.put(path, json={"note": {"value": "x"}})
        assert not specification.answer_errors("PUT", path, taken.status_code, taken.content)
    visma.settings(company_mode="no_license")
    with connect(visma, company="1") as stranger:
        refused = stranger.get("/v1/supplier")
        assert not specification.answer_errors("GET", "/v1/supplier", 400, refused.json())


def test_the_judge_is_strict() -> None:
    assert specification.record_errors("SupplierDto", {"Number": "50001"})
    assert specification.record_errors("SupplierDto", {"internalId": "1"})
    assert not specification.record_errors("SupplierDto", {"internalId": None})
    assert specification.request_errors("GET", "/v1/supplier", {"expandLines": "true"})
    assert specification.request_errors("GET", "/v1/Supplier", {})
    assert specification.request_errors("GET", "/v1/customer", {"status": "Paid"})
    assert not specification.request_errors("GET", "/v1/supplierInvoice", {"expandNote": "true", "pageNumber": "1"})
    assert specification.answer_errors("GET", "/v1/account", 200, {})
