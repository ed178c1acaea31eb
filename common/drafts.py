"""Versioned texts: the last save wins, and what it replaces is kept as a revision.

The rows have no session: the caller holds the lock under which they are written, and checks its own
rules (deadline, owner, rate).
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.db import models, transaction

from common.db import insert_if_absent

MOST_LOST = 1_000_000
"""How many versions a writer may be ahead of what is stored; more were never given out."""


class Draft(models.Model):
    """What is being written: a text or JSON in the column `content_field`. Version 0 was never
    saved. `revisions` leads to the rows of what was replaced."""

    content_field: ClassVar[str] = "answer_text"

    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def content(self) -> Any:
        return getattr(self, self.content_field)


class Revision(models.Model):
    """Saved content that other content replaced. `conflict`: by a writer who had not seen it.
    `late`: it came after the end and replaced nothing."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField()
    conflict = models.BooleanField(default=False)
    late = models.BooleanField(default=False)
    saved_at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"Version {self.version}"


@dataclass(frozen=True)
class Saved:
    """`changed` is False for content equal to the stored one, which stays as it is. `replaced` is
    the revision that this save made, None when it replaced nothing."""

    version: int
    saved_at: datetime | None
    conflict: bool = False
    changed: bool = True
    replaced: Any = None


def save(
    draft: Any, content: Any, *, base_version: int, now: datetime, also: Sequence[str] = ()
) -> Saved:
    """Make `content` the draft's. `base_version` is the version that its writer started from; an
    older one than the stored is a conflict, which wins all the same. A newer one was lost when the
    database was restored from a backup: no conflict, and numbering goes on above it.

    The caller holds the lock, so no concurrent request inserts the same draft. `also` names further
    columns of the row to write.
    """
    if draft.content == content:
        if also:
            draft.save(update_fields=also)
        return Saved(draft.version, draft.saved_at, changed=False)
    is_ahead = 0 < base_version - draft.version <= MOST_LOST
    conflict, replaced = base_version != draft.version and not is_ahead, None
    if draft.version:
        replaced = draft.revisions.create(
            **{draft.content_field: draft.content},
            version=draft.version,
            conflict=conflict,
            saved_at=draft.saved_at or now,
        )
    if is_ahead:
        draft.version = base_version
    _renew(draft, content, now)
    columns = [draft.content_field, "version", "saved_at", *also]
    draft.save(update_fields=None if draft._state.adding else columns)
    return Saved(draft.version, now, conflict=conflict, replaced=replaced)


def save_first(draft: Any, content: Any, *, now: datetime) -> bool:
    """The same in one statement for a new draft; False, and nothing done, when the row exists."""
    _renew(draft, content, now)
    return insert_if_absent(draft)


def _renew(draft: Any, content: Any, now: datetime) -> None:
    setattr(draft, draft.content_field, content)
    draft.version, draft.saved_at = draft.version + 1, now


@transaction.atomic
def keep_late(draft: Any, content: Any, *, now: datetime) -> None:
    """Keep content that came after the end as a late revision, once however often it is sent."""
    owner = draft.revisions.instance
    type(owner)._base_manager.select_for_update().get(pk=owner.pk)
    same = {draft.content_field: content, "late": True}
    if draft.content == content or draft.revisions.filter(**same).exists():
        return
    draft.revisions.create(**same, version=draft.version, conflict=True, saved_at=now)
