"""What people are shown in Asana beside their documents: comments, the tasks of rejected records, the heartbeat."""

from destination_asana.writing.notices.attention import Attention, document_of
from destination_asana.writing.notices.comments import CLOCK_MARGIN, Comments, NoComments
from destination_asana.writing.notices.heartbeat import Heartbeat, NoHeartbeat

__all__ = ["CLOCK_MARGIN", "Attention", "Comments", "Heartbeat", "NoComments", "NoHeartbeat", "document_of"]
