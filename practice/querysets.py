"""Named filters of the practice tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from accounts.models import User


class QuestionMainQuerySet(models.QuerySet[Any]):
    def in_use(self) -> Self:
        return self.filter(retired_at__isnull=True)

    def design(self) -> Self:
        return self.filter(kind="design")

    def interview(self) -> Self:
        return self.filter(kind="interview")

    def matching(self, *, category: str = "", difficulty: str = "", search: str = "") -> Self:
        """Narrow by exact category and difficulty and by words of title, summary or category."""
        rows = self
        if category:
            rows = rows.filter(category=category)
        if difficulty:
            rows = rows.filter(difficulty=difficulty)
        for word in search.split()[:8]:
            rows = rows.filter(
                Q(title__icontains=word) | Q(summary__icontains=word) | Q(category__icontains=word)
            )
        return rows


class QuestionQuerySet(models.QuerySet[Any]):
    def in_use(self) -> Self:
        return self.filter(retired_at__isnull=True, question_main__retired_at__isnull=True)

    def interview(self) -> Self:
        return self.filter(question_main__kind="interview").select_related("question_main")

    def matching(self, *, category: str = "", search: str = "") -> Self:
        """Narrow by the set's category and by words of title or prompt."""
        rows = self.filter(question_main__category=category) if category else self
        for word in search.split()[:8]:
            rows = rows.filter(Q(title__icontains=word) | Q(prompt__icontains=word))
        return rows


class PracticeMainQuerySet(models.QuerySet[Any]):
    """Shared by live and completed sessions."""

    def visible_to(self, user: User) -> Self:
        """A learner's own. Staff read others' sessions in the admin, not here."""
        return self.of_learner(user.pk)

    def of_learner(self, user_id: Any) -> Self:
        return self.filter(user_id=user_id)

    def of_set(self, question_main_id: int) -> Self:
        return self.filter(question_main_id=question_main_id)


class PracticeQuerySet(models.QuerySet[Any]):
    """Shared by the questions of live and completed sessions."""

    def with_feedback(self) -> Self:
        return self.prefetch_related("submissions__evaluation")
