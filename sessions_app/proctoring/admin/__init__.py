from sessions_app.proctoring.admin.bank import AssessmentAdmin, CodingQuestionAdmin, SectionAdmin
from sessions_app.proctoring.admin.candidates import CandidateAdmin
from sessions_app.proctoring.admin.sessions import OutageAdmin, ProctoredSessionAdmin

__all__ = [
    "AssessmentAdmin",
    "CandidateAdmin",
    "CodingQuestionAdmin",
    "OutageAdmin",
    "ProctoredSessionAdmin",
    "SectionAdmin",
]
