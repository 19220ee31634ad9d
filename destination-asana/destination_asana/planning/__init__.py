"""Document × Asana's current state → the changes to make. Pure: imports only `documents`, no HTTP and no CDK.

Other rooms take from here a task as read, and a plan with its changes. Each subject is a room of its own: `descriptions`,
`lines`, `projects`, `cards`, `routing`, `adoption`, `money`. The module `heartbeat` is imported by name.
"""

from destination_asana.planning.actions import Action
from destination_asana.planning.adoption import Match
from destination_asana.planning.changes import Change, Differences, LeftOut, Reason
from destination_asana.planning.dates import shifted
from destination_asana.planning.descriptions import Block, Description
from destination_asana.planning.equality import same
from destination_asana.planning.last_look import adjusted_to_present
from destination_asana.planning.plans import GONE, Wishes, plan, plan_gone
from destination_asana.planning.routing import Moves
from destination_asana.planning.snapshot import Snapshot, described_by
from destination_asana.planning.words import comment_text, plan_text

__all__ = [
    "GONE",
    "Action",
    "Block",
    "Change",
    "Description",
    "Differences",
    "LeftOut",
    "Match",
    "Moves",
    "Reason",
    "Snapshot",
    "Wishes",
    "adjusted_to_present",
    "comment_text",
    "described_by",
    "plan",
    "plan_gone",
    "plan_text",
    "same",
    "shifted",
]
