"""Ended interviews, where a setting says how long they are kept (`common.retention`)."""

from __future__ import annotations

from typing import Any

from common.retention import Kind, register
from sessions_app.interviews.models import PracticeSession
from sessions_app.interviews.services.deleting import remove_session


def register_expiring() -> None:
    register(
        Kind(
            "interviews",
            "Ended interviews",
            lambda before: PracticeSession.objects.filter(ended_at__lt=before),
            days="interviews",
            remove=_remove_sessions,
            batch=20,
        )
    )


def _remove_sessions(sessions: list[Any]) -> None:
    for session in sessions:
        remove_session(session)
