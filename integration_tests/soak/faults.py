"""Bad weather: faults on both sides, drawn for one sync."""

from random import Random
from typing import Any

from integration_tests.sandbox.harness import AsanaSandbox, VismaSandbox

ASANA_ACTIONS: list[dict[str, Any]] = [
    {"action": "lost_answer"},
    {"action": "drop"},
    {"action": "error", "status": 500},
    {"action": "error", "status": 503},
    {"action": "html"},
    {"action": "timeout"},
    {"action": "timeout", "late": 0.5},
    {"action": "throttle", "retry_after": 0.2},
    {"action": "truncate"},
    {"action": "cut"},
    {"action": "delay", "seconds": 0.3},
]
ASANA_PATHS = [
    {},
    {"method": "POST", "path": r"^/tasks(\?|$)"},
    {"method": "POST", "path": "/subtasks"},
    {"method": "PUT", "path": r"^/tasks/\d+"},
    {"method": "GET", "path": r"^/tasks(\?|/)"},
    {"path": "/search"},
    {"method": "POST", "path": "custom_fields|enum_options|addCustomFieldSetting"},
    {"path": "addProject|removeProject|addTask"},
    {"path": "/stories|/sections"},
]
VISMA_FAULTS: list[dict[str, Any]] = [
    {"kind": "status", "status": 500},
    {"kind": "status", "status": 503},
    {"kind": "status", "status": 429, "retry_after": 1},
    {"kind": "truncate"},
    {"kind": "cut"},
    {"kind": "empty"},
    {"kind": "html"},
    {"kind": "drop"},
    {"kind": "hang", "seconds": 0.3},
]
VISMA_PATHS = ["/v1", "/v1/purchaseorder", "/v1/supplierInvoice", "/v1/customerinvoice", "/v1/account"]


def brew(asana: AsanaSandbox, visma: VismaSandbox, dice: Random) -> list[str]:
    """Sets the faults of one sync; says which."""
    told = []
    for _ in range(dice.choice([0, 0, 1, 1, 2, 3])):
        fault = {**dice.choice(ASANA_ACTIONS), **dice.choice(ASANA_PATHS)}
        fault |= {"skip": dice.choice([0, 0, 2, 10, 40]), "times": dice.choice([1, 1, 2, 3])}
        asana.fault(**fault)
        told.append(f"Asana: {fault}")
    if dice.random() < 0.2:
        asana.fault(action="expire_offsets", method="GET", path="offset=", times=1)
        told.append("Asana: offsets expire")
    for _ in range(dice.choice([0, 0, 1, 2])):
        fault = {**dice.choice(VISMA_FAULTS), "path": dice.choice(VISMA_PATHS), "skip": dice.randint(0, 2)}
        # Now and then a list answers so for good, and its stream fails.
        fault["times"] = 0 if dice.random() < 0.15 else dice.choice([1, 1, 2])
        visma.fault(**fault)
        told.append(f"Visma: {fault}")
    if dice.random() < 0.2:
        visma.after_requests("/v1/purchaseorder", [{"op": "revoke"}])
        told.append("Visma: tokens are revoked after the first page of orders")
    return told


def calm(asana: AsanaSandbox, visma: VismaSandbox) -> None:
    """No faults any more."""
    asana.control("DELETE", "faults")
    visma.control("DELETE", "faults")
    visma.control("DELETE", "triggers")
