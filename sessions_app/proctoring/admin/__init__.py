from sessions_app.proctoring.admin.candidates import CandidateAdmin
from sessions_app.proctoring.admin.sessions import OutageAdmin, ProctoredSessionAdmin
from sessions_app.proctoring.admin.similarity import SimilarPairAdmin

__all__ = ["CandidateAdmin", "OutageAdmin", "ProctoredSessionAdmin", "SimilarPairAdmin"]
