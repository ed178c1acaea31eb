"""Saving the board: versioned like drafts; replaced scenes are kept, thinned as they age."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import orjson
from django.db import transaction

from practice.errors import BoardTooLarge, RevisionNotFound, SessionCompleted
from practice.models import (
    PracticeMain,
    PracticeMainHistory,
    Whiteboard,
    WhiteboardRevision,
    WhiteboardRevisionHistory,
)
from practice.services.sessions import lock_session, note_save

if TYPE_CHECKING:
    from accounts.models import User

MAX_SCENE_BYTES = 2 * 1024 * 1024
KEEP_ALL_FOR = timedelta(hours=1)
THEN_ONE_PER = timedelta(minutes=10)


@dataclass(frozen=True)
class SavedBoard:
    """`replaced` is the revision that holds the scene this save replaced, None without one."""

    version: int
    saved_at: datetime
    conflict: bool
    replaced: WhiteboardRevision | None = None


@transaction.atomic
def save_whiteboard(
    *, user: User, session_id: int, scene: dict[str, Any], base_version: int, now: datetime
) -> SavedBoard:
    """Store a scene as the session's board. Raises BoardTooLarge (413) above 2 MB of JSON,
    SessionCompleted (409) after completion; the scene is then kept as a late revision.
    """
    if len(orjson.dumps(scene)) > MAX_SCENE_BYTES:
        raise BoardTooLarge
    try:
        session = lock_session(user=user, session_id=session_id)
    except SessionCompleted as refusal:
        refusal.keep = _keep_late(session_id=session_id, scene=scene, now=now)
        raise
    saved = _write_scene(session=session, scene=scene, base_version=base_version, now=now)
    note_save(session=session, now=now)
    session.save(update_fields=["last_saved_at"])
    return saved


def _write_scene(
    *, session: PracticeMain, scene: dict[str, Any], base_version: int, now: datetime
) -> SavedBoard:
    board, _ = Whiteboard.objects.get_or_create(session=session)
    if board.scene == scene:
        return SavedBoard(board.version, board.saved_at or now, conflict=False)
    conflict = base_version != board.version
    replaced = _keep_replaced(board, conflict=conflict)
    if replaced:
        thin_revisions(session=session, now=now)
    board.scene = scene
    board.version += 1
    board.saved_at = now
    board.save(update_fields=["scene", "version", "saved_at"])
    return SavedBoard(board.version, now, conflict=conflict, replaced=replaced)


def _keep_replaced(board: Whiteboard, *, conflict: bool) -> WhiteboardRevision | None:
    if board.scene is None or board.saved_at is None:
        return None
    return WhiteboardRevision.objects.create(
        session_id=board.session_id,
        scene=board.scene,
        version=board.version,
        conflict=conflict,
        saved_at=board.saved_at,
    )


def thin_revisions(*, session: PracticeMain, now: datetime) -> int:
    """Of scenes older than an hour keep the newest of each ten minutes, and every conflict."""
    old = session.board_revisions.filter(
        saved_at__lt=now - KEEP_ALL_FOR, conflict=False, late=False
    ).order_by("-saved_at", "-version")
    kept: set[int] = set()
    surplus: list[uuid.UUID] = []
    for pk, saved_at in old.values_list("pk", "saved_at"):
        slot = int(saved_at.timestamp() // THEN_ONE_PER.total_seconds())
        if slot in kept:
            surplus.append(pk)
        kept.add(slot)
    if surplus:
        WhiteboardRevision.objects.filter(pk__in=surplus).delete()
    return len(surplus)


def _keep_late(*, session_id: int, scene: dict[str, Any], now: datetime) -> Callable[[], None]:
    def keep() -> None:
        session = PracticeMainHistory.objects.filter(pk=session_id).first()
        board = getattr(session, "board", None) if session else None
        if session is None or (board is not None and board.scene == scene):
            return
        late = session.board_revisions.filter(late=True)
        if any(revision.scene == scene for revision in late):
            return
        WhiteboardRevisionHistory.objects.create(
            session=session,
            scene=scene,
            version=board.version if board else 0,
            conflict=True,
            late=True,
            saved_at=now,
        )

    return keep


@transaction.atomic(durable=True)
def restore_scene(
    *, user: User, session_id: int, revision_id: uuid.UUID, now: datetime
) -> SavedBoard:
    """Make an old scene the board again; the present one becomes a revision in turn."""
    session = lock_session(user=user, session_id=session_id)
    revision = session.board_revisions.filter(pk=revision_id).first()
    if revision is None:
        raise RevisionNotFound
    version = session.board.version
    saved = _write_scene(session=session, scene=revision.scene, base_version=version, now=now)
    note_save(session=session, now=now)
    session.save(update_fields=["last_saved_at"])
    return saved
