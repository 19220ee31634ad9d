"""Endpoints of purchases: suppliers, their orders and their invoices."""

from __future__ import annotations

from integration_tests.sandbox.visma.entity import MODIFIED, Entity
from integration_tests.sandbox.visma.filters import at_least, contains, equals, one_of, released

SUPPLIER = Entity(
    name="supplier",
    path="/v1/supplier",
    dto="SupplierDto",
    key=("number",),
    filters={
        "name": contains("name"),
        "status": one_of("status", "Active OnHold HoldPayments Inactive OneTime"),
        "vatRegistrationId": equals("vatRegistrationId"),
        "corporateId": equals("corporateId"),
    },
    dates=MODIFIED,
    expands={"expandAccountInformation": ("glAccounts",), "expandNote": ("note",)},
)

PURCHASE_ORDER = Entity(
    name="purchaseorder",
    path="/v1/purchaseorder",
    dto="PurchaseOrderDto",
    key=("orderType", "orderNbr"),
    filters={
        "orderType": one_of("orderType", "RegularOrder DropShip Blanket StandardBlanket"),
        "orderStatus": one_of("status", "Balanced Cancelled Closed Hold Open PendingEmail PendingPrint Printed Voided"),
        "supplier": equals("supplier.number"),
        "branch": equals("branch.number"),
        "greaterThanValue": at_least("orderNbr"),
    },
    dates={**MODIFIED, "orderDate": "date", "deliveryDate": "promisedOn"},
    expands={
        "includeCustomFreeFields": tuple(
            f"{prefix}{name}"
            for prefix in ("", "lines.")
            for name in (
                *(f"customStr{n}" for n in range(1, 6)),
                *("customDec1", "customDec2", "customInt1", "customInt2", "customDateTimeUTC1"),
            )
        )
    },
    detail_expands=("includeCustomFreeFields",),
    default_type="RegularOrder",
    page_cap=100,
)

SUPPLIER_INVOICE = Entity(
    name="supplierInvoice",
    path="/v1/supplierInvoice",
    dto="SupplierInvoiceDto",
    key=("documentType", "referenceNumber"),
    filters={
        "supplier": equals("supplier.number"),
        "documentType": one_of("documentType", "Invoice CreditAdj DebitAdj Prepayment Refund Payment"),
        "status": one_of("status", "Hold Balanced Voided Scheduled Open Closed Printed Prebooked Reserved"),
        "released": released,
        "branch": equals("branchNumber.number"),
        "financialPeriod": equals("financialPeriod"),
    },
    dates={**MODIFIED, "createdDateTime": "createdDateTime", "docDate": "date", "dueDate": "dueDate"},
    expands={
        "expandNote": ("note",),
        "expandAttachment": ("attachments", "invoiceLines.attachments"),
        "expandLandedCosts": ("landedCosts",),
        "expandApproval": ("approvalDetails",),
        "expandLinePrebookAccounts": ("invoiceLines.prebookAccount", "invoiceLines.prebookSubaccount"),
    },
    detail_expands=("expandLandedCosts", "expandLinePrebookAccounts"),
    default_type="Invoice",
    only_default=True,
    page_cap=200,
)
