"""The use cases of interview sessions, under the names of interview-sessions.md."""

from sessions_app.interviews.services.attempts import (
    add_attempt,
    ask_feedback,
    rate_attempt,
)
from sessions_app.interviews.services.deleting import delete_session
from sessions_app.interviews.services.drafts import save_draft
from sessions_app.interviews.services.sessions import (
    create_session,
    end_forgotten_sessions,
    end_session,
    note_presence,
    skip_question,
)
from sessions_app.interviews.services.stats import recalculate_session_stats

__all__ = [
    "add_attempt",
    "ask_feedback",
    "create_session",
    "delete_session",
    "end_forgotten_sessions",
    "end_session",
    "note_presence",
    "rate_attempt",
    "recalculate_session_stats",
    "save_draft",
    "skip_question",
]
