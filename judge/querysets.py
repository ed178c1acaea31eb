"""Named filters of the runs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Q

from common.jobs import JobQuerySet

if TYPE_CHECKING:
    from judge.models import CodeRun  # noqa: F401 - named by the class below


class CodeRunQuerySet(JobQuerySet["CodeRun"]):
    def in_order(self) -> CodeRunQuerySet:
        """Samples before scoring, the oldest first."""
        return self.order_by("priority", "pk")

    def in_languages(self, languages: Iterable[str]) -> CodeRunQuerySet:
        return self.filter(language__in=list(languages))

    def stuck_at(self, moment: datetime) -> CodeRunQuerySet:
        """Due, or held, until before that moment, and still open."""
        queued = Q(next_try_at__lt=moment) | Q(next_try_at__isnull=True, created_at__lt=moment)
        return self.filter(
            Q(status="queued") & queued | Q(status="running", claimed_until__lt=moment)
        )
