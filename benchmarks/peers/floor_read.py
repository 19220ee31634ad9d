"""The floor for a reader: one page after the other, parsed and printed as Airbyte records, nothing else."""

import sys

import orjson
import requests

config = orjson.loads(open(sys.argv[1], "rb").read())
session = requests.Session()
token = session.post(
    config["token_url"],
    data={
        "grant_type": "client_credentials",
        "client_id": config["client_id"],
        "client_secret": config["client_secret"],
        "tenant_id": config["tenant_id"],
        "scope": "vismanet_erp_service_api:read",
    },
    timeout=60,
).json()["access_token"]
session.headers.update(
    {"Authorization": f"Bearer {token}", "ipp-company-id": config["company_id"], "Accept": "application/json"}
)
page = 0
out = sys.stdout.buffer
while True:
    page += 1
    answer = session.get(
        f"{config['api_url']}/v1/supplierInvoice", params={"pageNumber": page, "pageSize": 1000}, timeout=60
    )
    records = orjson.loads(answer.content)
    for record in records:
        message = {"type": "RECORD", "record": {"stream": "supplier_invoices", "data": record, "emitted_at": 0}}
        out.write(orjson.dumps(message, option=orjson.OPT_APPEND_NEWLINE))
    if not records or page * 1000 >= records[-1]["metadata"]["totalCount"]:
        break
