"""The use cases of interview sessions, under the names of interview-sessions.md."""

from sessions_app.interviews.services.attempts import (
    add_attempt,
    ask_feedback,
    rate_attempt,
    rate_attempts,
)
from sessions_app.interviews.services.deleting import delete_session
from sessions_app.interviews.services.dialogue import (
    answer_follow_up,
    end_dialogue,
    save_reply,
)
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
    "answer_follow_up",
    "ask_feedback",
    "create_session",
    "delete_session",
    "end_dialogue",
    "end_forgotten_sessions",
    "end_session",
    "note_presence",
    "rate_attempt",
    "rate_attempts",
    "recalculate_session_stats",
    "save_draft",
    "save_reply",
    "skip_question",
]
