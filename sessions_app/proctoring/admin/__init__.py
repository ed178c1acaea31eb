from sessions_app.proctoring.admin.candidates import CandidateAdmin
from sessions_app.proctoring.admin.sessions import OutageAdmin, ProctoredSessionAdmin

__all__ = ["CandidateAdmin", "OutageAdmin", "ProctoredSessionAdmin"]
