"""The two calls to Visma.net ERP that notes need: read a document and replace its note. Nothing else is ever written.

Paths and headers: Visma.net ERP API document (supplierInvoice, purchaseorder); ETag: its "ETag" page.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from webhook_listener.config import Visma as Settings
from webhook_listener.http import OAuthToken, Service, UnreachableError

READ = "vismanet_erp_service_api:read"
UPDATE = "vismanet_erp_service_api:update"
_VISMA_ID = re.compile(r"(PurchaseOrderId|SupplierInvoiceId):([^/]+)/([^/]+)/(.+)")
# Page size for the list of invoices modified since the one in question, which was modified just now.
MAX_PAGES = 20
_PLAIN = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True)
class Reference:
    """A document, as its Visma ID identifies it. `kind` is the order type or document type."""

    entity: str
    company: str
    kind: str
    number: str

    @classmethod
    def of(cls, visma_id: str) -> Reference | None:
        """None for customer documents and projects, whose notes the listener does not write."""
        match = _VISMA_ID.fullmatch(visma_id)
        if not match:
            return None
        entity = "purchaseorder" if match[1] == "PurchaseOrderId" else "supplierInvoice"
        return cls(entity, match[2], match[3], match[4])

    @property
    def path(self) -> str:
        """The path of the document. Invoices need the path with a type, because the short one always means type Invoice."""
        number = _segment(self.number)
        return (
            f"/v1/purchaseorder/{number}"
            if self.entity == "purchaseorder"
            else (f"/v1/supplierInvoice/{_segment(self.kind)}/{number}")
        )

    def names(self, record: Mapping[str, Any]) -> bool:
        """Whether a record is this document. The path of an order contains no type, so the answer may be another order."""
        kind, number = (
            ("orderType", "orderNbr") if self.entity == "purchaseorder" else ("documentType", "referenceNumber")
        )
        return str(record.get(kind)) == self.kind and str(record.get(number)) == self.number


@dataclass(frozen=True)
class Document:
    """A document as read: its record, and the ETag of this state."""

    record: Mapping[str, Any]
    etag: str | None


class Visma:
    """Every method raises CallError. `may_write` requests the update scope."""

    def __init__(self, settings: Settings, may_write: bool) -> None:
        scope = f"{READ} {UPDATE}" if may_write else READ
        form = {
            "grant_type": "client_credentials",
            "client_id": settings.client_id or "",
            "client_secret": settings.client_secret or "",
            "tenant_id": settings.tenant_id or "",
            "scope": scope,
        }
        token = OAuthToken("Visma", settings.token_url, form)
        self._service = Service("Visma", settings.api_url, token, {"ipp-company-id": settings.company_id or ""})

    def close(self) -> None:
        self._service.close()

    def first_supplier_invoice(self) -> list[Mapping[str, Any]]:
        """A page with one row, to show whether this company's data can be read at all."""
        return self._list({"pageNumber": "1", "pageSize": "1"})

    def read(self, reference: Reference) -> Document:
        """Reads the document by its number."""
        answer = self._service.call("GET", reference.path)
        record = self._service.parsed(answer)
        stamp = record.get("timeStamp")
        return Document(record, answer.headers.get("etag") or (f'"{stamp}"' if stamp else None))

    def note(self, reference: Reference, document: Document) -> str:
        """The document's present note.

        A list contains an invoice's note only with `expandNote`, and Visma does not document whether the answer by number
        always contains it. If it is absent or null there, the list decides, because writing over an unread note would lose
        it. Raises UnreachableError if the two do not show the same state.
        """
        record = document.record
        note = record.get("note")
        if isinstance(note, str) or reference.entity == "purchaseorder":
            return str(note or "")
        query = {
            "pageSize": "100",
            "expandNote": "true",
            "documentType": reference.kind,
            "lastModifiedDateTime": str(record.get("lastModifiedDateTime")),
            "lastModifiedDateTimeCondition": ">=",
        }
        for number in range(1, MAX_PAGES + 1):
            listed = self._list({**query, "pageNumber": str(number)})
            for row in listed:
                if reference.names(row) and row.get("timeStamp") == record.get("timeStamp"):
                    return str(row.get("note") or "")
            if not listed:
                break
        raise UnreachableError("Visma shows the note of this invoice neither by number nor in the list")

    def _list(self, query: Mapping[str, str]) -> list[Mapping[str, Any]]:
        answer = self._service.call("GET", "/v1/supplierInvoice", query=query)
        try:
            rows = answer.json()
        except ValueError:
            rows = None
        if not isinstance(rows, list):
            raise UnreachableError("Visma answered with something that is not a list of invoices")
        return [row for row in rows if isinstance(row, Mapping)]

    def write_note(self, reference: Reference, note: str, etag: str | None) -> None:
        """Replaces the note if the document is still in the state of the ETag (otherwise ServiceError 412)."""
        headers = {"If-Match": etag} if etag else {}
        self._service.call("PUT", reference.path, body={"note": {"value": note}}, headers=headers)


def _segment(text: str) -> str:
    """A path segment. Visma accepts keys with reserved characters as base64url in `b64(…)`."""
    if _PLAIN.fullmatch(text):
        return text
    return f"b64({quote(base64.urlsafe_b64encode(text.encode()).decode().rstrip('='), safe='')})"
