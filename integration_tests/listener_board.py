"""A project in the sandbox Asana as a sync leaves it, and people who work in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from integration_tests.listener_process import Listener
from integration_tests.sandbox.asana.client import Client
from integration_tests.sandbox.harness import AsanaSandbox
from integration_tests.waiting import until

KARI = "Kari Nordmann"
FIRST, SECOND = "SupplierInvoiceId:4100251/Invoice/200001", "PurchaseOrderId:4100251/RegularOrder/500001"


class Board:
    """Two documents, a task that is none, and a field the sync owns. Starts the sandbox over."""

    def __init__(self, server: AsanaSandbox) -> None:
        server.reset(webhook_localhost=True, webhook_delay=0.05, webhook_retry=0.3, webhook_patience=240)
        self.server = server
        self.bot = Client(server)
        self.field = self.bot.field("Visma ID")["gid"]
        self.status = self.bot.field("Visma currency")["gid"]
        self.gids = {name: self.document(name) for name in (FIRST, SECOND)}
        self.other = self.bot.task("Buy a cake")["gid"]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.bot.http.close()

    def document(self, visma_id: str) -> str:
        return str(self.bot.task(visma_id[-6:], custom_fields={self.field: visma_id})["gid"])

    def person(self, method: str, path: str, data: dict[str, Any], person: str = "kari.nordmann") -> Any:
        return self.server.as_person(method, path, f"{person}@nordlys.example", data=data)

    def complete(self, visma_id: str = FIRST, completed: bool = True) -> None:
        self.person("PUT", f"/tasks/{self.gids[visma_id]}", {"completed": completed})

    def looks(self) -> int:
        """How often the listener has looked at Asana: it reads the Events API each time."""
        return len(self.server.log(method="GET", path="/events"))

    def after_looks(self, count: int) -> None:
        """Waits until the listener has begun so many looks more."""
        wanted = self.looks() + count
        until(lambda: self.looks() >= wanted)

    def webhooks(self) -> list[dict[str, Any]]:
        """The token's webhooks on the project."""
        found = self.bot.get("/webhooks", workspace=self.bot.workspace, resource=self.bot.project)
        return list(found)

    def deliveries(self) -> list[dict[str, Any]]:
        """Every attempt to deliver."""
        return list(self.server.control("GET", "webhooks")["deliveries"])


@contextmanager
def subscribed(board: Board, folder: Path, *arguments: Any, **options: Any) -> Iterator[Listener]:
    """A listener that runs and has its webhook; arguments and options as of Listener, behind the sandbox Asana."""
    with Listener(folder, board.server, *arguments, **options) as listener:
        listener.start()
        until(lambda: listener.metric("webhooks_active") == 1)
        yield listener
