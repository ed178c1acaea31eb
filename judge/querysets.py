"""Named filters of the runs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from common.jobs import JobQuerySet

if TYPE_CHECKING:
    from judge.models import CodeRun  # noqa: F401 - named by the class below


class CodeRunQuerySet(JobQuerySet["CodeRun"]):
    def in_order(self) -> CodeRunQuerySet:
        """Samples before scoring, the oldest first."""
        return self.order_by("priority", "pk")

    def in_languages(self, languages: Iterable[str]) -> CodeRunQuerySet:
        return self.filter(language__in=list(languages))

    def stuck_at(self, moment: datetime, *, after: timedelta) -> CodeRunQuerySet:
        """Open for so long although nobody holds them."""
        return self.due_at(moment).filter(created_at__lt=moment - after)
