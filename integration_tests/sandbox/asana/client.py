"""A bare client of the sandbox Asana, for tests."""

from types import TracebackType
from typing import Any, Self

import httpx

from integration_tests import plain_http
from integration_tests.sandbox.harness import AsanaSandbox


class Client:
    """A bare client of the API, without retries or waits, so that a test sees every answer. Its connections close with the
    `with` block."""

    def __init__(self, sandbox: AsanaSandbox, token: str = AsanaSandbox.TOKEN) -> None:
        self.http = plain_http.Client(
            base_url=sandbox.api_url, headers={"Authorization": f"Bearer {token}"}, trust_env=False
        )
        self.project = sandbox.PROJECT
        self.workspace = sandbox.WORKSPACE

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.http.close()

    def send(self, method: str, path: str, data: Any = None, **query: Any) -> httpx.Response:
        body = None if data is None else {"data": data}
        return self.http.request(method, path, json=body, params={k: str(v) for k, v in query.items()})

    def get(self, path: str, **query: Any) -> Any:
        """The `data` of an answer that must have status 200."""
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
        """Creates a field of the workspace and attaches it to the project."""
        data = {"workspace": self.workspace, "name": name, "resource_subtype": subtype, **more}
        field = self.post("/custom_fields", data)
        self.post(f"/projects/{self.project}/addCustomFieldSetting", {"custom_field": field["gid"]})
        return field

    def task(self, name: str = "Invoice 1", **more: Any) -> Any:
        return self.post("/tasks", {"name": name, "projects": [self.project], **more})
