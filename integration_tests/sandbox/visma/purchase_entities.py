"""Endpoints of purchases: suppliers, orders, receipts, invoices, payments."""

from __future__ import annotations

from integration_tests.sandbox.visma.entity import MODIFIED, Entity
from integration_tests.sandbox.visma.filters import any_line, at_least, contains, equals, one_of, released

_FREE_FIELDS = tuple(
    f"{prefix}{name}"
    for prefix in ("", "lines.")
    for name in (
        *(f"customStr{n}" for n in range(1, 6)),
        *("customDec1", "customDec2", "customInt1", "customInt2", "customDateTimeUTC1"),
    )
)

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
    expands={"includeCustomFreeFields": _FREE_FIELDS},
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

PURCHASE_RECEIPT = Entity(
    name="PurchaseReceipt",
    path="/v2/PurchaseReceipt",
    dto="PurchaseReceiptDto",
    key=("receiptType", "receiptNbr"),
    filters={
        "receiptType": one_of("receiptType", "PoReceipt PoReturn TransferReceipt"),
        "status": one_of("status", "Hold Balanced Released Cancelled"),
        "supplier": equals("supplier.number"),
        "branch": equals("branchNumber.number"),
        "poOrderNbr": any_line("lines", "poOrderNbr"),
        "greaterThanValue": at_least("receiptNbr"),
    },
    dates={**MODIFIED, "receiptDate": "date", "dueDate": "dueDate"},
    expands={"expandNote": ("note", "lines.note"), "includeCustomFreeFields": _FREE_FIELDS},
    detail_expands=("includeCustomFreeFields",),
    default_type="PoReceipt",
    page_cap=500,
)

SUPPLIER_PAYMENT = Entity(
    name="supplierPayment",
    path="/v1/supplierPayment",
    dto="SupplierPaymentDto",
    key=("type", "refNbr"),
    filters={
        "paymentType": one_of("type", "Payment DebitAdj Prepayment Refund VoidPayment VoidRefund"),
        "status": one_of(
            "status",
            "Hold Balanced Voided Scheduled Open Closed Printed Prebooked PendingApproval Rejected Reserved PendingPrint",
        ),
        "supplier": equals("supplier.number"),
        "branch": equals("branch"),
        "invoiceRefNbr": any_line("paymentLines", "invoiceRefNbr"),
        "greaterThanValue": at_least("refNbr"),
        "financialPeriod": equals("applicationPeriod"),
    },
    dates={**MODIFIED, "docDate": "applicationDate"},
    by_number=False,
)
