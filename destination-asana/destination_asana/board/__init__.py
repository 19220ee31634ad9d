"""What Asana holds now: tasks, projects, sections, members, templates, portfolios, fields.

Speaks HTTP through `asana.client` only. Imports neither `writing` nor `sync`.
"""
