"""The floor for a writer: the same tasks, 15 requests in flight, no look-ups, no custom fields beyond the identity."""

import sys
from concurrent.futures import ThreadPoolExecutor

import orjson
import requests
from requests.adapters import HTTPAdapter

config = orjson.loads(open(sys.argv[1], "rb").read())
session = requests.Session()
session.mount("http://", HTTPAdapter(pool_maxsize=15))
session.headers["Authorization"] = f"Bearer {config['credentials']['personal_access_token']}"
api, project = config["api_url"], config["project_gid"]
made = session.post(
    f"{api}/custom_fields",
    json={"data": {"workspace": config["workspace_gid"], "name": "Key", "resource_subtype": "text"}},
    timeout=60,
).json()["data"]
session.post(
    f"{api}/projects/{project}/addCustomFieldSetting", json={"data": {"custom_field": made["gid"]}}, timeout=60
)


def write(record: dict) -> None:
    name = f"Invoice {record['referenceNumber']} · {record['supplier']['name']}"
    data = {"name": name, "projects": [project], "custom_fields": {made["gid"]: record["referenceNumber"]}}
    session.post(f"{api}/tasks", json={"data": data}, params={"opt_fields": "gid"}, timeout=60).raise_for_status()


records = (orjson.loads(line)["record"]["data"] for line in sys.stdin.buffer)
with ThreadPoolExecutor(15) as pool:
    list(pool.map(write, records))
