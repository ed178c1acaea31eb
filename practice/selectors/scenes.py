"""Boards as their owner drew them: the stored scene with its pictures."""

from __future__ import annotations

from typing import Any

from practice.models import BoardPicture
from practice.models.bases import WhiteboardBase, WhiteboardRevisionBase
from practice.pictures import put_together


def scene_of(row: WhiteboardBase | WhiteboardRevisionBase) -> dict[str, Any] | None:
    """The scene of a board or of a replaced one, as it was saved; None when nothing was."""
    scene = row.scene
    if scene is None or not row.pictures:
        return scene
    owner_id = row.session.user_id  # type: ignore[union-attr]
    rows = BoardPicture.objects.filter(user_id=owner_id, digest__in=set(row.pictures.values()))
    return put_together(scene, row.pictures, dict(rows.values_list("digest", "data")))
