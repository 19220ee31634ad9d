"""The end of the input: documents that did not come, assignments by a changed mapping, and the summary."""

from destination_asana.sync.ending.assignments import Assignments
from destination_asana.sync.ending.finish import Finish, brought_by
from destination_asana.sync.ending.missing import MissingDocuments
from destination_asana.sync.ending.reassignment import Reassignment

__all__ = ["Assignments", "Finish", "MissingDocuments", "Reassignment", "brought_by"]
