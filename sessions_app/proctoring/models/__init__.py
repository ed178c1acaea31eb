from sessions_app.proctoring.models.records import (
    AnswerRevision,
    Outage,
    ServerHeartbeat,
    SessionDevice,
    SessionEvent,
)
from sessions_app.proctoring.models.runs import SessionRun, TrialRun
from sessions_app.proctoring.models.sessions import ProctoredSession, SessionBeat

__all__ = [
    "AnswerRevision",
    "Outage",
    "ProctoredSession",
    "ServerHeartbeat",
    "SessionBeat",
    "SessionDevice",
    "SessionEvent",
    "SessionRun",
    "TrialRun",
]
