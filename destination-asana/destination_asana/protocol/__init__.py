"""Airbyte's side: messages, standard input, the release of STATE messages, the audit log and the quarantine file.

Knows nothing of Asana and imports none of the other rooms.
"""

from destination_asana.protocol.audit import AuditLog
from destination_asana.protocol.messages import Message, MessageKind, dump, lost_message, parse
from destination_asana.protocol.quarantine import Quarantine
from destination_asana.protocol.report import UNCHANGED, Line, Report
from destination_asana.protocol.stdin import read_ahead
from destination_asana.protocol.watermark import StreamKey, Ticket, Watermark

__all__ = [
    "UNCHANGED",
    "AuditLog",
    "Line",
    "Message",
    "MessageKind",
    "Quarantine",
    "Report",
    "StreamKey",
    "Ticket",
    "Watermark",
    "dump",
    "lost_message",
    "parse",
    "read_ahead",
]
