from sessions_app.proctoring.models.records import AnswerRevision, Outage, ServerPulse, SessionEvent
from sessions_app.proctoring.models.sessions import ProctoredSession, SessionBeat

__all__ = [
    "AnswerRevision",
    "Outage",
    "ProctoredSession",
    "ServerPulse",
    "SessionBeat",
    "SessionEvent",
]
