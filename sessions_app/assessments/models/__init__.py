from sessions_app.assessments.models.assessments import (
    Assessment,
    AssessmentQuestion,
    Candidate,
    Section,
)
from sessions_app.assessments.models.bank import CodingQuestion, Difficulty
from sessions_app.assessments.models.invitations import InvitationMail

__all__ = [
    "Assessment",
    "AssessmentQuestion",
    "Candidate",
    "CodingQuestion",
    "Difficulty",
    "InvitationMail",
    "Section",
]
