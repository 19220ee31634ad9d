"""A Singer tap on the Meltano SDK, written as its tutorial shows."""

from __future__ import annotations

import json
import os
from functools import cached_property
from typing import Any

from singer_sdk import RESTStream, Tap
from singer_sdk import typing as th
from singer_sdk.authenticators import OAuthAuthenticator
from singer_sdk.pagination import BasePageNumberPaginator

SCHEMA = json.load(open(os.environ["BENCH_SCHEMA"], encoding="utf-8"))


class VismaAuthenticator(OAuthAuthenticator):
    def __init__(self, settings: Any, **options: Any) -> None:
        super().__init__(**options)
        self.settings = settings

    @property
    def oauth_request_body(self) -> dict[str, Any]:
        return {
            "grant_type": "client_credentials",
            "client_id": self.settings["client_id"],
            "client_secret": self.settings["client_secret"],
            "tenant_id": self.settings["tenant_id"],
            "scope": "vismanet_erp_service_api:read",
        }


class Pages(BasePageNumberPaginator):
    def has_more(self, response: Any) -> bool:
        return bool(response.json())


class SupplierInvoices(RESTStream):
    name = "supplier_invoices"
    path = "/v1/supplierInvoice"
    primary_keys = ("documentType", "referenceNumber")
    replication_key = "lastModifiedDateTime"
    records_jsonpath = "$[*]"
    schema = SCHEMA

    @property
    def url_base(self) -> str:
        return str(self.config["api_url"])

    @cached_property
    def authenticator(self) -> VismaAuthenticator:
        return VismaAuthenticator(
            self.config,
            client_id=self.config["client_id"],
            client_secret=self.config["client_secret"],
            auth_endpoint=self.config["token_url"],
            oauth_scopes="vismanet_erp_service_api:read",
        )

    @property
    def http_headers(self) -> dict[str, str]:
        return {"ipp-company-id": self.config["company_id"], "Accept": "application/json"}

    def get_new_paginator(self) -> Pages:
        return Pages(start_value=1)

    def get_url_params(self, context: Any, next_page_token: Any) -> dict[str, Any]:
        return {"pageNumber": next_page_token or 1, "pageSize": 1000}


class TapVisma(Tap):
    name = "tap-visma"
    config_jsonschema = th.PropertiesList(
        *(
            th.Property(name, th.StringType)
            for name in ("client_id", "client_secret", "tenant_id", "company_id", "api_url", "token_url")
        )
    ).to_dict()

    def discover_streams(self) -> list[SupplierInvoices]:
        return [SupplierInvoices(self)]


if __name__ == "__main__":
    TapVisma.cli()
