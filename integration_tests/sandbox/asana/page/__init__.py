"""The workspace as people see it: boards, lists and tasks as read-only web pages, no token asked for.

| address | shows |
|---|---|
| `/` | the board of the oldest project |
| `/projects` | all projects |
| `/0/{project}/board`, `/0/{project}/list` | a project's tasks in columns, or in a table with every custom field |
| `/0/{project}/{task}`, `/0/0/{task}` | one task: fields, description, subtasks, history |

The addresses below `/0/` are those of Asana's own permalinks; the newer ones below `/1/{workspace}` lead here, too. Boards and lists take `q` (text to look for), `show`
(`all`, `open`, `done`), `sort` (see tasklist.SORTS), boards also `group` (see board.GROUPINGS) and `all` (a column's key).
"""

from .views import routes

__all__ = ["routes"]
