"""Every record and answer of the sandbox Visma against the official OpenAPI document."""

from __future__ import annotations

import httpx
import pytest

from integration_tests import openapi
from integration_tests.sandbox.harness import VismaSandbox
from integration_tests.sandbox.visma.client import connect, read_pages
from integration_tests.sandbox.visma.entities import ENTITIES
from integration_tests.sandbox.visma.entity import Entity
from integration_tests.sandbox.visma.settings import READ, UPDATE

pytest_plugins = ["integration_tests.sandbox.visma.testing"]
pytestmark = pytest.mark.skipif(
    not openapi.available(), reason=f"the official OpenAPI documents are not at hand ({openapi.FOLDER})"
)


@pytest.mark.parametrize("entity", ENTITIES.values(), ids=ENTITIES)
def test_every_record_is_of_the_documented_shape(visma: VismaSandbox, entity: Entity) -> None:
    records = visma.documents(entity.name)
    assert records
    exchange = {"method": "GET", "path": entity.path, "status": 200, "response": records}
    assert openapi.visma().answer_problems(exchange) == []


@pytest.mark.parametrize("entity", ENTITIES.values(), ids=ENTITIES)
def test_parameters_are_those_of_the_document(entity: Entity) -> None:
    parameters = {p["name"] for p in openapi.visma().document["paths"][entity.path]["get"]["parameters"]}
    ours = {*entity.filters, *entity.dates, *(f"{name}Condition" for name in entity.dates), *entity.expands}
    assert ours <= parameters
    assert ("pageNumber" in parameters) is (entity.page_cap is not None)


def test_traffic_matches_the_document(visma: VismaSandbox, api: httpx.Client) -> None:
    visma.settings(record_bodies=True)
    for entity in ENTITIES.values():
        query = {"lastModifiedDateTime": "2026-08-01"} if entity.name == "journaltransaction" else {}
        page = api.get(entity.path, params=query).json()
        if any(path.startswith(f"{entity.path}/{{") for path in openapi.visma().document["paths"]):
            assert api.get(f"{entity.path}/{page[0][entity.key[-1]]}").status_code == 200
    for name in api.get("/v1/dimension").json():
        assert api.get(f"/v1/dimension/{name}").status_code == 200
        assert api.get(f"/v1/dimension/{name}/1").status_code == 200
    assert api.get("/v1/supplier/nobody").status_code == 404
    assert api.get("/v2/journaltransaction").status_code == 400
    with connect(visma, scope=f"{READ} {UPDATE}") as writer:
        assert writer.put("/v1/purchaseorder/500001", json={"note": {"value": "x"}}).status_code == 204
    visma.settings(company_mode="no_license")
    with connect(visma, company="1") as stranger:
        assert stranger.get("/v1/supplier").status_code == 400
    exchanges = [entry for entry in visma.log() if entry["path"] != "/connect/token"]
    assert len(exchanges) > 60
    assert [problem for entry in exchanges for problem in openapi.visma().problems(entry)] == []


def test_whole_lists_match_the_document(visma: VismaSandbox, api: httpx.Client) -> None:
    records = read_pages(api, "/v1/supplierInvoice", 100, expandNote="true", expandApproval="true")
    exchange = {"method": "GET", "path": "/v1/supplierInvoice", "status": 200, "response": records[:60]}
    assert openapi.visma().answer_problems(exchange) == []
    exchange["response"][0]["Supplier"] = {}  # type: ignore[index]
    assert openapi.visma().answer_problems(exchange), "the judge lets everything pass"
