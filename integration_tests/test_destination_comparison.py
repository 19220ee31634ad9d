"""A dry run of whole streams compares Visma with Asana on the log, as Airbyte shows it; no other run does."""

from integration_tests.destination_messages import (
    catalog,
    invoice,
    invoice_id,
    names,
    order,
    order_id,
    project,
    row,
    status,
)

pytest_plugins = ["integration_tests.destination_support"]


def whole(*streams, sync_mode="full_refresh"):
    configured = catalog(*streams)
    for stream in configured["streams"]:
        stream["sync_mode"] = sync_mode
    return configured


def compared(run):
    return [line.partition(" ")[2] for line in run.log.splitlines() if " Comparison" in line]


ORDERS = [order(1, orderTotal=100.0), order(2, orderTotal=250.5, status="Closed")]
INVOICES = [invoice(200001), invoice(200002)]
DONE = [status("purchase_orders"), status("supplier_invoices")]
BOTH = ("purchase_orders", "supplier_invoices")


def test_equal_sides_are_said_in_counts_and_sums(destination):
    destination.write(*ORDERS, *INVOICES)
    run = destination.write(*ORDERS, *INVOICES, *DONE, configured=whole(*BOTH), dry_run=True)
    lines = compared(run)
    assert "Comparison, purchase_orders, NOK, Open: Visma 1 documents, 100.00; Asana 1 tasks, 100.00." in lines
    assert "Comparison, purchase_orders, NOK, Closed: Visma 1 documents, 250.50; Asana 1 tasks, 250.50." in lines
    assert lines[-1] == "Comparison: Asana equals Visma in 4 documents."
    assert run.states == []


def test_each_kind_of_difference_is_one_line(destination):
    extra = order(3)
    destination.write(*ORDERS, extra, *INVOICES)
    destination.as_person("DELETE", f"/tasks/{destination.task(invoice_id(200002))['gid']}")
    amount = destination.field("Visma amount")["gid"]
    task = destination.task(order_id(1))["gid"]
    destination.as_person("PUT", f"/tasks/{task}", custom_fields={amount: 7})
    destination.asana.control("POST", "search/refresh")
    run = destination.write(*ORDERS, *INVOICES, *DONE, configured=whole(*BOTH), dry_run=True)
    lines = [line for line in compared(run) if line.startswith("Comparison: ")]
    assert lines == [
        f"Comparison: {order_id(1)} differs: Visma amount: 7.00 → 100.00.",
        f"Comparison: {order_id(3)} has a task in Asana, {destination.task(order_id(3))['gid']}, but is not in Visma.",
        f"Comparison: {invoice_id(200002)} is missing in Asana.",
        "Comparison: 3 differences in 4 documents.",
    ]
    assert any(line.endswith("(not equal).") for line in compared(run))


def test_a_stream_that_does_not_end_whole_proves_nothing(destination):
    destination.write(*ORDERS)
    run = destination.write(*ORDERS, configured=whole("purchase_orders"), dry_run=True)
    assert compared(run) == ["Comparison: nothing was compared, because no stream of documents came whole."]
    run = destination.write(
        *ORDERS,
        *INVOICES,
        status("supplier_invoices"),
        configured=whole("purchase_orders", "supplier_invoices"),
        dry_run=True,
    )
    assert compared(run)[-3:] == [
        "Comparison: SupplierInvoiceId:4100251/Invoice/200002 is missing in Asana.",
        "Comparison: the stream purchase_orders did not come whole, so that it is not compared.",
        "Comparison: 3 differences in 2 documents.",
    ]


def test_documents_marked_as_gone_are_not_too_many(destination):
    destination.write(*ORDERS)
    configured = catalog("purchase_orders", mode="overwrite")
    destination.write(ORDERS[0], status("purchase_orders"), configured=configured, mark_missing=True)
    run = destination.write(ORDERS[0], status("purchase_orders"), configured=whole("purchase_orders"), dry_run=True)
    assert compared(run)[-1] == "Comparison: Asana equals Visma in 1 documents."


def test_an_incremental_dry_run_and_a_real_sync_compare_nothing(destination):
    destination.write(*ORDERS)
    incremental = whole("purchase_orders", sync_mode="incremental")
    assert compared(destination.write(*ORDERS, status("purchase_orders"), configured=incremental, dry_run=True)) == []
    assert compared(destination.write(*ORDERS, status("purchase_orders"), configured=whole("purchase_orders"))) == []


def test_a_document_whose_task_is_still_to_be_taken_over_is_missing(destination):
    """The settings of the real sync may still say `match`."""
    destination.write(*ORDERS)
    destination.as_person("POST", "/tasks", name="PO 000003 Nordic Office", projects=[destination.asana.PROJECT])
    run = destination.write(
        *ORDERS, order(3), DONE[0], configured=whole("purchase_orders"), dry_run=True, adopt="match"
    )
    assert compared(run)[-2:] == [
        f"Comparison: {order_id(3)} is missing in Asana.",
        "Comparison: 1 differences in 3 documents.",
    ]


def test_the_task_of_a_document_that_cannot_be_written_counts(destination):
    destination.write(*INVOICES)
    broken = invoice(200002, amount="much", lastModifiedDateTime="2026-01-11T08:00:00")
    settings = {"dry_run": True, "on_record_error": "quarantine"}
    run = destination.write(INVOICES[0], broken, DONE[1], configured=whole("supplier_invoices"), **settings)
    assert compared(run) == [
        "Comparison, supplier_invoices, NOK, Open: Visma 1 documents, 1250.00; Asana 2 tasks, 2500.00 (not equal).",
        f"Comparison: {invoice_id(200002)} cannot be written: amount: should be a number, but is “much”.",
        "Comparison: 1 differences in 1 documents.",
    ]


def test_a_document_that_would_be_marked_as_gone_is_one_difference(destination):
    destination.write(*ORDERS)
    gid = destination.task(order_id(2))["gid"]
    overwrite = whole("purchase_orders")
    overwrite["streams"][0]["destination_sync_mode"] = "overwrite"
    run = destination.write(ORDERS[0], DONE[0], configured=overwrite, dry_run=True, mark_missing=True)
    assert compared(run)[-2:] == [
        f"Comparison: {order_id(2)} has a task in Asana, {gid}, but is not in Visma.",
        "Comparison: 1 differences in 1 documents.",
    ]


def test_an_order_that_is_written_in_several_steps_is_one_difference(destination):
    """A missing one, and one whose task and sums differ."""
    billed = [
        invoice(200001, invoiceLines=[names("000001", 10.0)]),
        invoice(200002, invoiceLines=[names("000002", 20.0)]),
    ]
    destination.write(*ORDERS, *billed)
    gid = destination.task(order_id(2))["gid"]
    fields = {destination.field(name)["gid"]: 7.0 for name in ("Visma amount", "Visma invoiced")}
    destination.as_person("PUT", f"/tasks/{gid}", custom_fields=fields)
    destination.as_person("DELETE", f"/tasks/{destination.task(order_id(1))['gid']}")
    destination.asana.control("POST", "search/refresh")
    run = destination.write(*ORDERS, *billed, *DONE, configured=whole(*BOTH), dry_run=True)
    missing, differs, verdict = [line for line in compared(run) if line.startswith("Comparison: ")]
    assert missing == f"Comparison: {order_id(1)} is missing in Asana."
    assert differs.startswith(f"Comparison: {order_id(2)} differs: ")
    assert "Visma amount: 7.00 → 250.50" in differs
    assert "Visma invoiced: 7.00 → 20.00" in differs
    assert verdict == "Comparison: 2 differences in 4 documents."


def test_a_missing_card_of_a_project_is_one_difference(destination):
    card = [project(), row(), status("projects"), status("project_budgets")]
    both = whole("projects", "project_budgets")
    destination.write(*card, configured=both)
    destination.as_person("DELETE", f"/tasks/{destination.task('ProjectId:4100251/3101')['gid']}")
    destination.asana.control("POST", "search/refresh")
    run = destination.write(*card, configured=both, dry_run=True)
    assert compared(run)[-2:] == [
        "Comparison: ProjectId:4100251/3101 is missing in Asana.",
        "Comparison: 1 differences in 1 documents.",
    ]


def test_tasks_that_the_dry_run_would_make_are_not_counted(destination):
    """Nothing is in Asana yet, and a document comes twice."""
    run = destination.write(*ORDERS, ORDERS[0], DONE[0], configured=whole("purchase_orders"), dry_run=True)
    assert compared(run) == [
        "Comparison, purchase_orders, NOK, Closed: Visma 1 documents, 250.50; Asana 0 tasks, 0.00 (not equal).",
        "Comparison, purchase_orders, NOK, Open: Visma 1 documents, 100.00; Asana 0 tasks, 0.00 (not equal).",
        f"Comparison: {order_id(1)} is missing in Asana.",
        f"Comparison: {order_id(2)} is missing in Asana.",
        "Comparison: 2 differences in 2 documents.",
    ]
