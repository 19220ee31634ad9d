"""Sandboxes started with `--data` go on where they were stopped, as docker compose needs it."""

from integration_tests.sandbox import harness
from integration_tests.sandbox.asana.client import Client


def test_asana_keeps_its_workspace(tmp_path):
    options = ["--data", str(tmp_path / "asana")]
    with harness.start("asana", *options) as asana, Client(asana) as client:
        field = client.field("Visma ID")
        task = client.task("Invoice 1", custom_fields={field["gid"]: "SupplierInvoiceId:1/Invoice/1"})
        client.post(f"/tasks/{task['gid']}/subtasks", {"name": "1. Chairs"})
        before = asana.state()
    with harness.start("asana", *options) as asana, Client(asana) as client:
        assert asana.state() == before
        another = client.task("Invoice 2")
        assert int(another["gid"]) > int(task["gid"])
        assert client.get(f"/tasks/{task['gid']}/subtasks", limit=100)[0]["name"] == "1. Chairs"


def test_visma_keeps_its_company(tmp_path):
    options = ["--data", str(tmp_path / "visma")]
    with harness.start("visma", *options) as visma:
        order = next(d for d in visma.documents("purchaseorder") if d["orderType"] == "RegularOrder")
        changed = visma.change("purchaseorder", f"RegularOrder/{order['orderNbr']}", {"status": "Closed"})
        added = visma.add("supplierInvoice")
        visma.delete("supplier", "50001")
        before = {name: visma.documents(name) for name in ("purchaseorder", "supplierInvoice", "supplier")}
    with harness.start("visma", *options) as visma:
        assert {name: visma.documents(name) for name in before} == before
        assert changed in visma.documents("purchaseorder")
        again = visma.change("purchaseorder", f"RegularOrder/{order['orderNbr']}", {"status": "Open"})
        assert again["timeStamp"] not in (changed["timeStamp"], added["timeStamp"])
