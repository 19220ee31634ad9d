"""The custom fields of a workspace: their recognition, their options, and their values in Asana's form."""

from destination_asana.board.fields.catalog import FieldCatalog
from destination_asana.board.fields.custom_fields import CustomFields
from destination_asana.board.fields.model import CustomField, OptionState
from destination_asana.board.fields.option_owners import Owners, Scope, scope_of
from destination_asana.board.fields.option_ownership import Claim, Ownership
from destination_asana.board.fields.refusals import name_taken
from destination_asana.board.fields.values import VALUE_FIELDS

__all__ = [
    "VALUE_FIELDS",
    "Claim",
    "CustomField",
    "CustomFields",
    "FieldCatalog",
    "OptionState",
    "Owners",
    "Ownership",
    "Scope",
    "name_taken",
    "scope_of",
]
