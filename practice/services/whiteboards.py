"""Saving the board: `common.drafts` for scenes, whose revisions are thinned as they age."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import orjson
from django.db import transaction

from common import drafts
from practice.errors import BoardTooLarge, RevisionNotFound, SessionCompleted
from practice.models import (
    PracticeMain,
    PracticeMainHistory,
    Whiteboard,
    WhiteboardHistory,
    WhiteboardRevision,
)
from practice.scene_reader import MOST_ELEMENTS
from practice.services.sessions import lock_session, note_save

if TYPE_CHECKING:
    from accounts.models import User

MAX_SCENE_BYTES = 2 * 1024 * 1024
KEEP_ALL_FOR = timedelta(hours=1)
THEN_ONE_PER = timedelta(minutes=10)


@transaction.atomic
def save_whiteboard(
    *, user: User, session_id: int, scene: dict[str, Any], base_version: int, now: datetime
) -> drafts.Saved:
    """Store a scene as the session's board. Raises BoardTooLarge (413) above 2 MB of JSON or
    8,000 elements, SessionCompleted (409) after completion; the scene is then kept as a late
    revision.
    """
    too_many = len(scene.get("elements") or ()) > MOST_ELEMENTS
    if too_many or len(orjson.dumps(scene)) > MAX_SCENE_BYTES:
        raise BoardTooLarge
    try:
        session = lock_session(user=user, session_id=session_id)
    except SessionCompleted as refusal:
        past = PracticeMainHistory.objects.select_related("board").get(pk=session_id)
        last = getattr(past, "board", None) or WhiteboardHistory(session=past)
        refusal.keep = lambda: drafts.keep_late(last, scene, now=now)
        raise
    board = Whiteboard.objects.filter(session=session).first() or Whiteboard()
    board.session = session
    return put_scene(board, scene, base_version=base_version, now=now)


def put_scene(
    board: Whiteboard, scene: dict[str, Any], *, base_version: int, now: datetime
) -> drafts.Saved:
    """Save the scene under the session's lock, and thin older revisions."""
    saved = drafts.save(board, scene, base_version=base_version, now=now)
    if saved.replaced:
        thin_revisions(session=board.session, now=now)
    note_save(board.session, now=now)
    return saved


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


@transaction.atomic(durable=True)
def restore_scene(
    *, user: User, session_id: int, revision_id: uuid.UUID, now: datetime
) -> drafts.Saved:
    """Make an old scene the board again; the present one becomes a revision in turn."""
    session = lock_session(user=user, session_id=session_id)
    revision = session.board_revisions.filter(pk=revision_id).first()
    if revision is None:
        raise RevisionNotFound
    board = session.board
    return put_scene(board, revision.scene, base_version=board.version, now=now)
