"""Endpoints of sales: customers, and one for each kind of document they are sent."""

from __future__ import annotations

from integration_tests.sandbox.visma.entity import MODIFIED, Entity
from integration_tests.sandbox.visma.filters import contains, equals, one_of, released

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


def _customer_documents(name: str, dto: str, kind: str, lines: str) -> Entity:
    """The endpoint of one kind of customer document. It holds that kind only, so its ``documentType`` has no effect."""
    return Entity(
        name=name,
        path=f"/v1/{name}",
        dto=dto,
        key=("documentType", "referenceNumber"),
        filters={
            "customer": equals("customer.number"),
            "status": one_of(
                "status",
                "Hold Balanced Voided Scheduled Open Closed PendingPrint PendingEmail CreditHold CcHold Reserved",
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
            "expandAttachments": ("attachments", f"{lines}.attachments"),
            "expandTaxDetails": ("taxDetails",),
            "expandInvoiceAddress": ("invoiceAddress",),
        },
        blank_in_list=("creditTerms", "paymentMethod"),
        default_type=kind,
        only_default=True,
    )


CUSTOMER_INVOICE = _customer_documents("customerinvoice", "CustomerInvoiceDto", "Invoice", "invoiceLines")
CUSTOMER_CREDIT_NOTE = _customer_documents("customerCreditNote", "CustomerCreditNoteDto", "CreditNote", "lines")
CUSTOMER_DEBIT_NOTE = _customer_documents("customerDebitNote", "CustomerDebitNoteDto", "DebitNote", "lines")
CUSTOMER_OVERDUE_CHARGE = _customer_documents("customerOverdueCharge", "CustomerOverdueChargeDto", "FinCharge", "lines")
