from sessions_app.proctoring.models.bank import (
    Assessment,
    AssessmentQuestion,
    CodingQuestion,
    Section,
)
from sessions_app.proctoring.models.candidates import Candidate
from sessions_app.proctoring.models.records import AnswerRevision, Outage, ServerPulse, SessionEvent
from sessions_app.proctoring.models.sessions import ProctoredSession, SessionBeat

__all__ = [
    "AnswerRevision",
    "Assessment",
    "AssessmentQuestion",
    "Candidate",
    "CodingQuestion",
    "Outage",
    "ProctoredSession",
    "Section",
    "ServerPulse",
    "SessionBeat",
    "SessionEvent",
]
