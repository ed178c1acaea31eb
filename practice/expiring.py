"""What practice removes (`common.retention`): unused pictures, sessions if a setting says so."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from common.retention import Kind, Sweep, register
from practice.models import PracticeMainHistory
from practice.services.deleting import remove_session
from practice.services.pictures import (
    UNUSED_FOR,
    owners_of_pictures,
    remove_unused_pictures,
    unused_pictures,
)


def register_expiring() -> None:
    register(
        Kind(
            "practice",
            "Completed practice sessions",
            lambda before: PracticeMainHistory.objects.filter(completed_at__lt=before),
            days="practice",
            remove=_remove_sessions,
            batch=20,
        )
    )
    register(Sweep("pictures", "Pictures that no board shows", _unused, _remove_unused))


def _remove_sessions(sessions: list[Any]) -> None:
    for session in sessions:
        remove_session(session)


def _unused(now: datetime) -> int:
    before = now - UNUSED_FOR
    owners = owners_of_pictures(before=before)
    return sum(unused_pictures(user_id=pk, before=before).count() for pk in owners)


def _remove_unused(now: datetime) -> Iterator[int]:
    for user_id in owners_of_pictures(before=now - UNUSED_FOR):
        yield remove_unused_pictures(user_id=user_id, now=now, unused_for=UNUSED_FOR)
