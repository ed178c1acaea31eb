"""Saving the board: `common.drafts` for scenes, whose revisions are thinned as they age."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import orjson
from django.db import transaction

from accounts.models import StoredKind
from accounts.services import storage
from common import drafts
from practice.errors import BoardTooLarge, RevisionNotFound, SessionCompleted
from practice.models import (
    PracticeMain,
    PracticeMainHistory,
    Whiteboard,
    WhiteboardHistory,
    WhiteboardRevision,
)
from practice.pictures import SlimScene, taken_apart
from practice.scene_reader import MOST_ELEMENTS
from practice.selectors.scenes import scene_of
from practice.services.pictures import keep_pictures
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
    """Store a scene as the session's board. Raises BoardTooLarge (413) above 2 MB of JSON or 8,000
    elements, StorageFull (413), SessionCompleted (409) after completion; it is then kept as a late
    revision.
    """
    too_many = len(scene.get("elements") or ()) > MOST_ELEMENTS
    if too_many or len(orjson.dumps(scene)) > MAX_SCENE_BYTES:
        raise BoardTooLarge
    drawing = taken_apart(scene)
    try:
        session = lock_session(user=user, session_id=session_id)
    except SessionCompleted as refusal:
        refusal.keep = lambda: keep_late_scene(user, session_id, drawing, now=now)
        raise
    board = Whiteboard.objects.filter(session=session).first() or Whiteboard()
    board.session = session
    return put_drawing(board, drawing, base_version=base_version, now=now)


def put_drawing(
    board: Whiteboard, drawing: SlimScene, *, base_version: int, now: datetime
) -> drafts.Saved:
    """Save the drawing under the session's lock, and thin older revisions."""
    user = board.session.user
    data = dict(drawing.data)
    if board.scene and not board.pictures:  # saved before pictures had rows of their own
        before = taken_apart(board.scene)
        board.scene, board.pictures = before.scene, before.pictures
        data |= before.data
    keep_pictures(user=user, data=data, now=now)
    grow = storage.growth_of(user=user, kind=StoredKind.BOARDS, now=now)
    saved = drafts.save(board, drawing.content, base_version=base_version, grow=grow, now=now)
    if saved.replaced:
        thin_revisions(session=board.session, now=now)
    note_save(board.session, now=now)
    return saved


@transaction.atomic
def keep_late_scene(user: User, session_id: int, drawing: SlimScene, *, now: datetime) -> None:
    past = PracticeMainHistory.objects.select_for_update().filter(pk=session_id).first()
    if past is None:  # deleted meanwhile
        return
    last = getattr(past, "board", None) or WhiteboardHistory(session=past)
    keep_pictures(user=user, data=drawing.data, now=now)
    grow = storage.growth_of(user=user, kind=StoredKind.BOARDS, now=now)
    drafts.keep_late(last, drawing.content, grow=grow, now=now)


def thin_revisions(*, session: PracticeMain, now: datetime) -> int:
    """Of scenes older than an hour keep the newest of each ten minutes, and every conflict."""
    old = session.board_revisions.filter(
        saved_at__lt=now - KEEP_ALL_FOR, conflict=False, late=False
    ).order_by("-saved_at", "-version")
    kept: set[int] = set()
    surplus: dict[uuid.UUID, int] = {}
    for pk, saved_at, size in old.values_list("pk", "saved_at", "stored_bytes"):
        slot = int(saved_at.timestamp() // THEN_ONE_PER.total_seconds())
        if slot in kept:
            surplus[pk] = size
        kept.add(slot)
    if surplus:
        storage.free_bytes(user_id=session.user_id, boards=sum(surplus.values()))
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
    drawing = taken_apart(scene_of(revision) or {})
    return put_drawing(board, drawing, base_version=board.version, now=now)
