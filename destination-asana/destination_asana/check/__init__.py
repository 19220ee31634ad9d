"""`check`: token, workspace, projects, custom fields, streams and assignees, proved one after the other by reading.

Each subject is a module with one function that takes what is checked (`Subject`), raises config_error for what fails and
gives warnings in words. A new subject is a module and a place in `subjects.py`.
"""

from destination_asana.check.verdict import check

__all__ = ["check"]
