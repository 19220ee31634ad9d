"""One record: its position in the input, and its result: done, ignored, or rejected and set aside."""

from destination_asana.sync.records.incoming import Incoming
from destination_asana.sync.records.rejections import Rejections
from destination_asana.sync.records.results import Results
from destination_asana.sync.records.set_aside import KeptAndShown, NotKept, SetAside

__all__ = ["Incoming", "KeptAndShown", "NotKept", "Rejections", "Results", "SetAside"]
