"""Asana's current state: tasks, projects, sections, members, templates, portfolios, fields.

Speaks HTTP only through `asana`. Imports neither `writing` nor `sync`. Custom fields have their own door, `board.fields`.
"""

from destination_asana.board.access import COMMENTER, read_only_access
from destination_asana.board.hand_made import HandMadeListing
from destination_asana.board.heartbeats import Heartbeats, UnclearError
from destination_asana.board.identity_field import Evidence, settle_identity
from destination_asana.board.line_ledger import LineLedger
from destination_asana.board.lookups import MOST_SEARCHES
from destination_asana.board.member_search import member_named
from destination_asana.board.members import Assignees
from destination_asana.board.named_projects import NamedProject, NamedProjects
from destination_asana.board.observer import NoObserver, Observer
from destination_asana.board.order_search import OrderSearch
from destination_asana.board.order_trail import OrderTrail
from destination_asana.board.portfolios import Portfolios
from destination_asana.board.project_index import PROJECT_FIELDS, ProjectIndex
from destination_asana.board.routed_projects import RoutedProjects
from destination_asana.board.search import Search
from destination_asana.board.sections import Sections
from destination_asana.board.task_history import LastMove, TaskHistory
from destination_asana.board.task_index import Index
from destination_asana.board.task_reader import TASK_FIELDS, hand_made_task, snapshot_for, snapshot_of
from destination_asana.board.templates import Templates

__all__ = [
    "COMMENTER",
    "MOST_SEARCHES",
    "PROJECT_FIELDS",
    "TASK_FIELDS",
    "Assignees",
    "Evidence",
    "HandMadeListing",
    "Heartbeats",
    "Index",
    "LastMove",
    "LineLedger",
    "NamedProject",
    "NamedProjects",
    "NoObserver",
    "Observer",
    "OrderSearch",
    "OrderTrail",
    "Portfolios",
    "ProjectIndex",
    "RoutedProjects",
    "Search",
    "Sections",
    "TaskHistory",
    "Templates",
    "UnclearError",
    "hand_made_task",
    "member_named",
    "read_only_access",
    "settle_identity",
    "snapshot_for",
    "snapshot_of",
]
