"""What a script would do: a plain loop over Asana's official SDK, looking each document up before it writes it."""

import json
import sys

import asana

config = json.load(open(sys.argv[1], encoding="utf-8"))
settings = asana.Configuration()
settings.host = config["api_url"]
settings.access_token = config["credentials"]["personal_access_token"]
client = asana.ApiClient(settings)
tasks, fields, projects = asana.TasksApi(client), asana.CustomFieldsApi(client), asana.ProjectsApi(client)
project = config["project_gid"]
key = fields.create_custom_field(
    {"data": {"workspace": config["workspace_gid"], "name": "Key", "resource_subtype": "text"}}, {}
)["gid"]
projects.add_custom_field_setting_for_project({"data": {"custom_field": key}}, project, {})
known = {
    field["text_value"]: task["gid"]
    for task in tasks.get_tasks_for_project(project, {"limit": 100, "opt_fields": "custom_fields.text_value"})
    for field in task["custom_fields"]
    if field["gid"] == key
}
for line in sys.stdin:
    record = json.loads(line)["record"]["data"]
    data = {
        "name": f"Invoice {record['referenceNumber']} · {record['supplier']['name']}",
        "custom_fields": {key: record["referenceNumber"]},
    }
    gid = known.get(record["referenceNumber"])
    if gid:
        tasks.update_task({"data": data}, gid, {})
    else:
        tasks.create_task({"data": {**data, "projects": [project]}}, {})
