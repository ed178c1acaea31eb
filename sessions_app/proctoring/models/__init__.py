from sessions_app.proctoring.models.growth import AnswerStep
from sessions_app.proctoring.models.records import (
    AnswerRevision,
    Outage,
    ServerHeartbeat,
    SessionDevice,
    SessionEvent,
)
from sessions_app.proctoring.models.runs import SessionRun, TrialRun
from sessions_app.proctoring.models.sessions import ProctoredSession, SessionBeat
from sessions_app.proctoring.models.similarity import AnswerPrint, SimilarPair

__all__ = [
    "AnswerPrint",
    "AnswerRevision",
    "AnswerStep",
    "Outage",
    "ProctoredSession",
    "ServerHeartbeat",
    "SessionBeat",
    "SessionDevice",
    "SessionEvent",
    "SessionRun",
    "SimilarPair",
    "TrialRun",
]
