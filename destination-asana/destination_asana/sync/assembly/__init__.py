"""Where a sync is put together: every object is made here, once, with what it needs.

`board` makes what knows and writes Asana, `streams` what takes records, `control` what says when states leave and when the
sync ends; `assemble` puts them together. Nothing else makes these objects, and no object reaches others through them.
"""

from destination_asana.sync.assembly.assemble import assemble

__all__ = ["assemble"]
