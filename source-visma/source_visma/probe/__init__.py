"""The command `probe`: asks a live company what the documentation of its API leaves open. Read only.

A question is an object with its text, what its answer decides, and a function that asks it (question.py). Each module with a list
`QUESTIONS` is a group of them; catalog.py puts the groups in order, interview.py asks them, and report.py writes the answers down. Only
service.py speaks HTTP, with the connector's own token and gate. Imports `components` alone of the rest of the connector, but for
command.py, the door.
"""
