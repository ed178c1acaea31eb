from sessions_app.proctoring.models.records import (
    AnswerRevision,
    Outage,
    ServerHeartbeat,
    SessionEvent,
)
from sessions_app.proctoring.models.sessions import ProctoredSession, SessionBeat

__all__ = [
    "AnswerRevision",
    "Outage",
    "ProctoredSession",
    "ServerHeartbeat",
    "SessionBeat",
    "SessionEvent",
]
