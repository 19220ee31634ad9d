"""dlt's rest_api source into JSON lines on disk, nested values kept as they are."""

import json
import sys
import tempfile

import dlt
from dlt.sources.helpers.rest_client.auth import OAuth2ClientCredentials
from dlt.sources.rest_api import rest_api_source

config = json.load(open(sys.argv[1], encoding="utf-8"))
source = rest_api_source(
    {
        "client": {
            "base_url": f"{config['api_url']}/v1/",
            "headers": {"ipp-company-id": config["company_id"], "Accept": "application/json"},
            "auth": OAuth2ClientCredentials(
                access_token_url=config["token_url"],
                client_id=config["client_id"],
                client_secret=config["client_secret"],
                access_token_request_data={
                    "grant_type": "client_credentials",
                    "client_id": config["client_id"],
                    "client_secret": config["client_secret"],
                    "tenant_id": config["tenant_id"],
                    "scope": "vismanet_erp_service_api:read",
                },
            ),
            "paginator": {"type": "page_number", "base_page": 1, "page_param": "pageNumber", "total_path": None},
        },
        "resources": [
            {
                "name": "supplier_invoices",
                "primary_key": ["documentType", "referenceNumber"],
                "max_table_nesting": 0,
                "endpoint": {"path": "supplierInvoice", "params": {"pageSize": 1000}, "data_selector": "$"},
            }
        ],
    }
)
folder = tempfile.mkdtemp()
pipeline = dlt.pipeline(
    "bench", destination=dlt.destinations.filesystem(f"file://{folder}/out"), pipelines_dir=f"{folder}/work"
)
pipeline.run(source, loader_file_format="jsonl")
