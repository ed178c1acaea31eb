"""Versioned texts: the last save wins, and what it replaces is kept as a revision.

The rows have no session and no quota: the caller holds the lock under which they are written, and
checks its own rules (deadline, owner, rate, bytes).
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

import orjson
from django.db import models, transaction

MOST_LATE = 20
"""How many late revisions one text keeps: they were refused, so the oldest may go."""

Content = dict[str, Any]
"""The columns of a draft that are its content, by name."""
Grow = Callable[[int], object]
"""Called with the bytes by which a save makes the stored rows grow, 0 included, before any is
written. It raises when there is no room."""

MOST_LOST = 1_000_000
"""After a restored backup a client may name a version newer than ours; up to this far ahead it is
believed."""


class Stored(models.Model):
    """A row that counts against somebody's quota."""

    stored_bytes = models.PositiveIntegerField(
        default=0, help_text="What its content takes of its owner's quota."
    )

    class Meta:
        abstract = True


class Draft(Stored):
    """What is being written, in the columns `content_fields`. Version 0 was never saved.
    `revisions` leads to the rows of what was replaced."""

    content_fields: ClassVar[tuple[str, ...]] = ("answer_text",)

    version = models.PositiveIntegerField(default=0)
    saved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def content(self) -> Content:
        return {name: getattr(self, name) for name in self.content_fields}


class Revision(Stored):
    """Saved content that other content replaced. `conflict`: by a writer who had not seen it.
    `late`: it came after the end and replaced nothing. `digest` is set on these two: the same
    content is kept once, however often it is sent."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    version = models.PositiveIntegerField()
    conflict = models.BooleanField(default=False)
    late = models.BooleanField(default=False)
    saved_at = models.DateTimeField()
    digest = models.CharField(max_length=64, blank=True, default="", editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"Version {self.version}"


@dataclass(frozen=True)
class Saved:
    """`changed` is False for content equal to the stored one, which stays as it is. `replaced` is
    the revision that holds what this save replaced, None when it replaced nothing."""

    version: int
    saved_at: datetime | None
    conflict: bool = False
    changed: bool = True
    replaced: Any = None


def size_of(*values: Any) -> int:
    """Bytes of texts in UTF-8, of JSON written without spaces; nothing for what is empty."""
    kept = [value for value in values if value not in (None, "", {}, [])]
    return sum(len(v.encode() if isinstance(v, str) else orjson.dumps(v)) for v in kept)


def save(
    draft: Any,
    content: Content,
    *,
    base_version: int,
    now: datetime,
    grow: Grow,
    also: Sequence[str] = (),
) -> Saved:
    """Make `content` the draft's. `base_version` is the version that its writer started from; an
    older one than the stored is a conflict, which wins all the same. A newer one was lost when the
    database was restored from a backup: no conflict, and numbering goes on above it.

    The caller holds the lock, so no concurrent request inserts the same draft. `also` names further
    columns of the row to write.
    """
    if draft.content == content:
        grow(0)
        if also:
            draft.save(update_fields=also)
        return Saved(draft.version, draft.saved_at, changed=False)
    is_ahead = 0 < base_version - draft.version <= MOST_LOST
    conflict, replaced = base_version != draft.version and not is_ahead, None
    if draft.version:
        saved_at = draft.saved_at or now
        replaced = _revision_of(draft, draft.content, conflict=conflict, saved_at=saved_at)
    size, before = size_of(*content.values()), draft.stored_bytes
    kept = replaced.stored_bytes if replaced and replaced._state.adding else 0
    grow(size - before + kept)
    if replaced:
        _write(replaced)
    if is_ahead:
        draft.version = base_version
    _renew(draft, content, size=size, now=now)
    columns = [*content, "version", "saved_at", "stored_bytes", *also]
    draft.save(update_fields=None if draft._state.adding else columns)
    return Saved(draft.version, now, conflict=conflict, replaced=replaced)


def _renew(draft: Any, content: Content, *, size: int, now: datetime) -> None:
    for name, value in content.items():
        setattr(draft, name, value)
    draft.version, draft.saved_at, draft.stored_bytes = draft.version + 1, now, size


@transaction.atomic
def keep_late(draft: Any, content: Content, *, now: datetime, grow: Grow) -> None:
    """Keep content that came after the end as a late revision, once however often it is sent; of
    different ones the newest `MOST_LATE`."""
    owner = draft.revisions.instance
    type(owner)._base_manager.select_for_update().get(pk=owner.pk)
    if draft.content == content:
        return
    late = _revision_of(draft, content, conflict=True, late=True, saved_at=now)
    surplus, freed = [], 0
    if late._state.adding:
        others = draft.revisions.filter(late=True).order_by("-saved_at", "-version")
        surplus = list(others.values_list("pk", "stored_bytes")[MOST_LATE - 1 :])
        freed = sum(size for _, size in surplus)
        grow(late.stored_bytes - freed)
    _write(late)
    if surplus:
        draft.revisions.filter(pk__in=[pk for pk, _ in surplus]).delete()


def _revision_of(
    draft: Any, content: Content, *, conflict: bool, late: bool = False, saved_at: datetime
) -> Any:
    """The revision that shall hold the content, not saved: a new one, or of a conflict or late text
    the one that holds the same already, with the moment and version of this time."""
    model = draft.revisions.model
    new = model(**content, conflict=conflict, late=late, version=draft.version, saved_at=saved_at)
    # A model that packs its content has measured it itself.
    new.stored_bytes = new.stored_bytes or size_of(*content.values())
    if conflict or late:
        new.digest = digest_of(content)
        known = draft.revisions.filter(digest=new.digest, conflict=conflict, late=late).first()
        if known is not None:
            known.version, known.saved_at = new.version, saved_at
            return known
    field = draft.revisions.field.name
    setattr(new, field, draft.revisions.instance)
    return new


def _write(revision: Any) -> None:
    revision.save(update_fields=None if revision._state.adding else ["version", "saved_at"])


def digest_of(content: Content) -> str:
    """SHA-256 of the content, whatever the order of its keys."""
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()
