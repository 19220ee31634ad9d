"""One record: its place in the input, and what comes of it: done, ignored, rejected and set aside."""

from destination_asana.sync.records.arrivals import Arrivals
from destination_asana.sync.records.incoming import Incoming
from destination_asana.sync.records.rejections import Rejections
from destination_asana.sync.records.results import Results
from destination_asana.sync.records.set_aside import KeptAndShown, NotKept, SetAside

__all__ = ["Arrivals", "Incoming", "KeptAndShown", "NotKept", "Rejections", "Results", "SetAside"]
