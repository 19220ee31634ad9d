"""A document, and what records of all kinds of documents have in common. Pure."""

from destination_asana.documents.document.document import Document
from destination_asana.documents.document.line_parts import account_of, cost_centers_of, first_of
from destination_asana.documents.document.new_document import document_of
from destination_asana.documents.document.record_texts import note_of, party_of

__all__ = ["Document", "account_of", "cost_centers_of", "document_of", "first_of", "note_of", "party_of"]
