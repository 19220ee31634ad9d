"""Record → Document: what a Visma record means. Pure: imports none of the other rooms, no HTTP and no CDK.

Other rooms take from here the document itself, its values and identity, and the reader of records. The modules `fields` and
`statuses` are imported by name.
"""

from destination_asana.documents.cost_centers import CostCenterSegments
from destination_asana.documents.currency import IN_CURRENCY
from destination_asana.documents.document import Document
from destination_asana.documents.entries import Entry, entry_of
from destination_asana.documents.errors import RecordError
from destination_asana.documents.line_items import Delivery, LineItem, Option
from destination_asana.documents.order_money import OrderMoney
from destination_asana.documents.order_references import Share, block_rows, counts_as_invoiced, shares_in
from destination_asana.documents.patterns import Pattern, normal
from destination_asana.documents.projects import NO_DESCRIPTION, PROJECT_DESCRIPTION, PROJECT_ID, is_card
from destination_asana.documents.reader import Reader, half_up
from destination_asana.documents.subject import Subject, project_key
from destination_asana.documents.texts import comparable, one_line, shortened, size_of, spellings
from destination_asana.documents.translation import translate
from destination_asana.documents.types import KINDS, Kind
from destination_asana.documents.values import (
    DocumentValue,
    FieldValue,
    FieldValues,
    StoredValue,
    number_value,
    text_value,
)
from destination_asana.documents.versions import Versions, is_older, stamp_of
from destination_asana.documents.visma_ids import (
    KEYS,
    KIND_OF_STREAM,
    company_of,
    identity,
    kind_in,
    label_of,
    number_of,
    prefixes_of,
    scopes_in,
    scopes_of,
    type_in,
    visma_id_of,
)

__all__ = [
    "IN_CURRENCY",
    "KEYS",
    "KINDS",
    "KIND_OF_STREAM",
    "NO_DESCRIPTION",
    "PROJECT_DESCRIPTION",
    "PROJECT_ID",
    "CostCenterSegments",
    "Delivery",
    "Document",
    "DocumentValue",
    "Entry",
    "FieldValue",
    "FieldValues",
    "Kind",
    "LineItem",
    "Option",
    "OrderMoney",
    "Pattern",
    "Reader",
    "RecordError",
    "Share",
    "StoredValue",
    "Subject",
    "Versions",
    "block_rows",
    "company_of",
    "comparable",
    "counts_as_invoiced",
    "entry_of",
    "half_up",
    "identity",
    "is_card",
    "is_older",
    "kind_in",
    "label_of",
    "normal",
    "number_of",
    "number_value",
    "one_line",
    "prefixes_of",
    "project_key",
    "scopes_in",
    "scopes_of",
    "shares_in",
    "shortened",
    "size_of",
    "spellings",
    "stamp_of",
    "text_value",
    "translate",
    "type_in",
    "visma_id_of",
]
