"""Streams for which a company needs a module of Visma.net."""

from collections.abc import Mapping
from typing import Any

from airbyte_cdk.utils.traced_exception import AirbyteTracedException

from source_visma.components.deadlines import within
from source_visma.probe.service import LimitedError, NoReplyError, Service

OF_MODULES = {
    "projects": "/v1/project",
    "project_budgets": "/v1/projectbudget",
    "purchase_receipts": "/v2/PurchaseReceipt",
}
SECONDS = 6.0
REFUSED = (403, 404)


def refused_lists(config: Mapping[str, Any], defaults: Mapping[str, Any]) -> list[str]:
    """The streams of modules that Visma.net refuses to this company. Whatever else happens is no matter of a check."""
    try:
        found: list[str] = within(SECONDS, lambda _: _refused(Service(config, defaults)))
    except (AirbyteTracedException, LimitedError, NoReplyError):
        return []
    return found


def _refused(service: Service) -> list[str]:
    one = {"pageNumber": 1, "pageSize": 1}
    return [stream for stream, path in OF_MODULES.items() if service.get(path, one).status in REFUSED]
