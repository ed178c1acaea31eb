"""The Django permissions that console and API ask of staff for tests. Who may reach which candidate
is `assessments.policies`."""

from __future__ import annotations

VIEW = "sessions_app.view_proctoredsession"
START = "sessions_app.add_proctoredsession"
CHANGE = "sessions_app.change_proctoredsession"
VIEW_ASSESSMENTS = "sessions_app.view_assessment"
VIEW_CANDIDATES = "sessions_app.view_candidate"
INVITE = "sessions_app.add_candidate"
