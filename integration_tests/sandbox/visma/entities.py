"""The endpoints as data: path, key, what a list can be filtered by, what it shows only when asked.

Paths, parameters and enumerations are those of the official OpenAPI document of the Visma.net ERP service API.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from integration_tests.sandbox.visma.filters import (
    Filter,
    active,
    at_least,
    boolean,
    contains,
    equals,
    journal_status,
    module,
    one_of,
    released,
)
from integration_tests.sandbox.visma.store import Record


@dataclass(frozen=True)
class Entity:
    """One kind of record.

    name: its list path without the version, also its name in control requests.
    key: fields that identify a record; the last one is the number the list is sorted by.
    filters: query parameter → predicate of record and value.
    dates: date parameter → field; each goes with a parameter of the same name plus ``Condition``.
    expands: flag → fields shown only when it is true.
    detail_expands: those of the flags that the by-id request knows too; the other fields always show there.
    blank_in_list: fields the list shows as empty objects.
    default_type: the type meant by a by-id path that carries only the number; ``only_default``: and no other.
    page_cap: largest page, None when the list is not paged.
    metadata: whether the records carry ``metadata`` at all.
    """

    name: str
    path: str
    dto: str
    key: tuple[str, ...]
    filters: Mapping[str, Filter] = field(default_factory=dict)
    dates: Mapping[str, str] = field(default_factory=dict)
    expands: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    detail_expands: tuple[str, ...] = ()
    blank_in_list: tuple[str, ...] = ()
    default_type: str = ""
    only_default: bool = False
    page_cap: int | None = 1000
    metadata: bool = True
    etag: bool = True

    def key_of(self, record: Record) -> tuple[str, ...]:
        """The record's key in the table."""
        return tuple(str(record[name]) for name in self.key)


MODIFIED = {"lastModifiedDateTime": "lastModifiedDateTime"}

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

CUSTOMER = Entity(
    name="customer",
    path="/v1/customer",
    dto="CustomerDto",
    key=("number",),
    filters={
        "name": contains("name"),
        "status": one_of("status", "Active OnHold CreditHold Inactive OneTime"),
        "vatRegistrationId": equals("vatRegistrationId"),
        "corporateId": equals("corporateId"),
        "email": equals("mainContact.email"),
        "phone": equals("mainContact.phone1"),
    },
    dates={**MODIFIED, "createdDateTime": "createdDateTime"},
    expands={
        "expandAccountInformation": ("glAccounts",),
        "expandPaymentMethods": ("paymentMethods",),
        "expandDirectDebit": ("directDebitLines",),
    },
)

CUSTOMER_INVOICE = Entity(
    name="customerinvoice",
    path="/v1/customerinvoice",
    dto="CustomerInvoiceDto",
    key=("documentType", "referenceNumber"),
    filters={
        "customer": equals("customer.number"),
        "status": one_of(
            "status", "Hold Balanced Voided Scheduled Open Closed PendingPrint PendingEmail CreditHold CcHold Reserved"
        ),
        "documentType": one_of(
            "documentType",
            "Invoice DebitNote CreditNote Payment VoidPayment Prepayment Refund FinCharge SmallBalanceWo "
            "SmallCreditWo CashSale CashReturn Undefined NoUpdate",
        ),
        "released": released,
        "branch": equals("branchNumber.number"),
        "financialPeriod": equals("financialPeriod"),
        "externalReference": equals("externalReference"),
        "paymentReference": equals("paymentReference"),
        "customerRefNumber": equals("customerRefNumber"),
    },
    dates={
        **MODIFIED,
        "createdDateTime": "createdDateTime",
        "documentDate": "documentDate",
        "documentDueDate": "documentDueDate",
    },
    expands={
        "expandApplications": ("applications",),
        "expandDunningInformation": ("dunningLetterDate", "dunningLetterLevel"),
        "expandAttachments": ("attachments", "invoiceLines.attachments"),
        "expandTaxDetails": ("taxDetails",),
        "expandInvoiceAddress": ("invoiceAddress",),
    },
    blank_in_list=("creditTerms", "paymentMethod"),
    default_type="Invoice",
)

ACCOUNT = Entity(
    name="account",
    path="/v1/account",
    dto="AccountDto",
    key=("accountCD",),
    filters={
        "active": active("active"),
        "publicCode": equals("publicCode1"),
        "externalCode1": equals("externalCode1Info.number"),
        "externalCode2": equals("externalCode2Info.number"),
        "analysisCode": equals("analisysCodeInfo.number"),
        "greaterThanValue": at_least("accountCD"),
    },
    dates=MODIFIED,
    expands={"includeAccountClassDescription": ("accountClassDescription",)},
    page_cap=None,
)

SUBACCOUNT = Entity(
    name="subaccount",
    path="/v1/subaccount",
    dto="SubAccountDto",
    key=("subaccountNumber",),
    filters={"active": active("active")},
    dates=MODIFIED,
)

EMPLOYEE = Entity(
    name="employee",
    path="/v1/employee",
    dto="EmployeeDto",
    key=("employeeNumber",),
    filters={
        "linkedToUser": lambda record, wanted: bool(record.get("employeeLogin")) is boolean("linkedToUser", wanted)
    },
    dates=MODIFIED,
)

BRANCH = Entity(
    name="branch",
    path="/v1/branch",
    dto="BranchDto",
    key=("number",),
    filters={"greaterThanValue": lambda record, wanted: record["number"] > wanted},
    dates=MODIFIED,
    expands={
        "expandAddress": ("mainAddress",),
        "expandContact": ("mainContact",),
        "expandCurrency": ("currency",),
        "expandVatZone": ("vatZone",),
        "expandLedger": ("ledger",),
        "expandIndustryCode": ("industryCode",),
        "expandDeliveryAddress": ("deliveryAddress",),
        "expandDeliveryContact": ("deliveryContact",),
        "expandDefaultCountry": ("defaultCountry",),
        "expandBankSettings": ("bankSettings",),
    },
    detail_expands=(
        "expandAddress",
        "expandContact",
        "expandCurrency",
        "expandVatZone",
        "expandLedger",
        "expandIndustryCode",
        "expandDeliveryAddress",
        "expandDeliveryContact",
        "expandDefaultCountry",
        "expandBankSettings",
    ),
    page_cap=None,
    metadata=False,
    etag=False,
)

# Paged by line and filtered in its own way, see journals.py.
JOURNAL_TRANSACTION = Entity(
    name="journaltransaction",
    path="/v2/journaltransaction",
    dto="JournalTransactionDto",
    key=("module", "batchNumber"),
    filters={
        "branch": equals("branch"),
        "module": module,
        "status": journal_status,
    },
    expands={"expandAttachments": ("attachments", "journalTransactionLines.attachments")},
    default_type="ModuleGL",
)

LISTED = (
    SUPPLIER,
    PURCHASE_ORDER,
    SUPPLIER_INVOICE,
    CUSTOMER,
    CUSTOMER_INVOICE,
    ACCOUNT,
    SUBACCOUNT,
    EMPLOYEE,
    BRANCH,
)
ENTITIES = {entity.name: entity for entity in (*LISTED, JOURNAL_TRANSACTION)}
