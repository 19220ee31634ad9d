"""All endpoints, as data.

Paths, parameters and enumerations are those of the official OpenAPI document of the Visma.net ERP service API.
"""

from __future__ import annotations

from integration_tests.sandbox.visma.entity import MODIFIED, Entity
from integration_tests.sandbox.visma.filters import active, at_least, boolean, equals, journal_status, module
from integration_tests.sandbox.visma.project_entities import PROJECT, PROJECT_BUDGET
from integration_tests.sandbox.visma.purchase_entities import (
    PURCHASE_ORDER,
    PURCHASE_RECEIPT,
    SUPPLIER,
    SUPPLIER_INVOICE,
    SUPPLIER_PAYMENT,
)
from integration_tests.sandbox.visma.sales_entities import (
    CUSTOMER,
    CUSTOMER_CREDIT_NOTE,
    CUSTOMER_DEBIT_NOTE,
    CUSTOMER_INVOICE,
    CUSTOMER_OVERDUE_CHARGE,
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
    utc=True,
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
    CUSTOMER_CREDIT_NOTE,
    CUSTOMER_DEBIT_NOTE,
    CUSTOMER_OVERDUE_CHARGE,
    ACCOUNT,
    SUBACCOUNT,
    EMPLOYEE,
    BRANCH,
    PURCHASE_RECEIPT,
    SUPPLIER_PAYMENT,
    PROJECT,
    PROJECT_BUDGET,
)
ENTITIES = {entity.name: entity for entity in (*LISTED, JOURNAL_TRANSACTION)}
