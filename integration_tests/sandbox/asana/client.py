"""A bare client of the sandbox Asana, for tests."""

from typing import Any

import httpx

from integration_tests.sandbox.harness import AsanaSandbox


class Client:
    """A bare client of the API: no retries, no waiting, so that a test sees every answer."""

    def __init__(self, sandbox: AsanaSandbox, token: str = AsanaSandbox.TOKEN) -> None:
        self.http = httpx.Client(
            base_url=sandbox.api_url, headers={"Authorization": f"Bearer {token}"}, timeout=30, trust_env=False
        )
        self.project = sandbox.PROJECT
        self.workspace = sandbox.WORKSPACE

    def send(self, method: str, path: str, data: Any = None, **query: Any) -> httpx.Response:
        body = None if data is None else {"data": data}
        return self.http.request(method, path, json=body, params={k: str(v) for k, v in query.items()})

    def get(self, path: str, **query: Any) -> Any:
        """The `data` of an answer that must be 200."""
        answer = self.send("GET", path, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    def post(self, path: str, data: Any, **query: Any) -> Any:
        answer = self.send("POST", path, data, **query)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()["data"]

    def put(self, path: str, data: Any, **query: Any) -> Any:
        answer = self.send("PUT", path, data, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()["data"]

    def refused(self, method: str, path: str, data: Any = None, **query: Any) -> tuple[int, str]:
        """Status and message of an answer that must be an error."""
        answer = self.send(method, path, data, **query)
        assert answer.status_code >= 400, answer.text
        error = answer.json()["errors"][0]
        assert error["help"].startswith("For more information")
        return answer.status_code, error["message"]

    def field(self, name: str, subtype: str = "text", **more: Any) -> Any:
        """A new field of the workspace, attached to the project."""
        data = {"workspace": self.workspace, "name": name, "resource_subtype": subtype, **more}
        field = self.post("/custom_fields", data)
        self.post(f"/projects/{self.project}/addCustomFieldSetting", {"custom_field": field["gid"]})
        return field

    def task(self, name: str = "Invoice 1", **more: Any) -> Any:
        return self.post("/tasks", {"name": name, "projects": [self.project], **more})
