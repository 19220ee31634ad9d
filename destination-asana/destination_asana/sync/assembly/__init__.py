"""Wires a sync together: every object is made here, once, with its collaborators.

`base` makes what all streams share: `board` what knows and writes Asana, `control` what releases states, `records` what the
results of records go to. `intake` makes the streams, and `ending` what follows them; `sync` combines both. No other code
makes these objects, and each gets only the collaborators that it uses.
"""

from destination_asana.sync.assembly.sync import assemble

__all__ = ["assemble"]
