"""What of a person's quota is taken, and by what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from accounts.models import StorageUse, StoredKind, User
from accounts.selectors.plans import plan_of


@dataclass(frozen=True)
class StorageShown:
    """All in bytes; `parts` are (label, bytes) of every kind."""

    limit: int
    used: int
    parts: tuple[tuple[str, int], ...]

    @property
    def is_full(self) -> bool:
        return self.used >= self.limit

    @property
    def is_nearly_full(self) -> bool:
        return self.used >= self.limit * 0.9


def storage_of(user: User, *, now: datetime) -> StorageShown:
    use = StorageUse.objects.filter(pk=user.pk).first() or StorageUse(user=user)
    # A counter that waits for its nightly correction may be below nothing.
    parts = tuple((str(kind.label), max(0, getattr(use, kind))) for kind in StoredKind)
    return StorageShown(
        limit=settings.STORAGE_BYTES[plan_of(user, now=now)],
        used=sum(size for _, size in parts),
        parts=parts,
    )
