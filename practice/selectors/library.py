"""The library: sets in use, with where the learner stands in each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, Q

from practice.models import Question, QuestionMain
from practice.selectors.scores import SessionScore, scores_of_active, scores_of_completed

if TYPE_CHECKING:
    from accounts.models import User

STATES = ("new", "started", "done")
LENGTHS = {"short": (0, 40), "medium": (41, 55), "long": (56, 10_000)}
"""Usual minutes of a whole set, both ends included."""


@dataclass(frozen=True)
class LibraryFilters:
    kind: str = "design"
    category: str = ""
    difficulty: str = ""
    length: str = ""
    state: str = ""
    search: str = ""

    @property
    def any_set(self) -> bool:
        chosen = (self.category, self.difficulty, self.length, self.state, self.search)
        return any(chosen) or self.kind != "design"


@dataclass(frozen=True)
class LibraryCard:
    """`state` is new, started or done; `score` belongs to the latest completed session."""

    question_main: QuestionMain
    question_count: int
    state: str
    answered: int
    score: SessionScore | None


def library_cards(*, user: User, filters: LibraryFilters) -> list[LibraryCard]:
    sets = list(_matching(filters))
    started = dict(user.practicemain_rows.values_list("question_main_id", "pk"))
    done = dict(
        user.practicemainhistory_rows.order_by("completed_at", "pk").values_list(
            "question_main_id", "pk"
        )
    )
    live, past = scores_of_active(started.values()), scores_of_completed(done.values())
    cards = [
        LibraryCard(
            question_main=row,
            question_count=row.question_count,
            state="started" if row.pk in started else "done" if row.pk in done else "new",
            answered=live.get(started.get(row.pk, 0), SessionScore()).answered,
            score=past.get(done.get(row.pk, 0)),
        )
        for row in sets
    ]
    return [card for card in cards if not filters.state or card.state == filters.state]


def _matching(filters: LibraryFilters):  # type: ignore[no-untyped-def]
    rows = QuestionMain.objects.in_use().filter(kind=filters.kind).defer("sample_writeup")
    rows = rows.matching(
        category=filters.category, difficulty=filters.difficulty, search=filters.search
    )
    if filters.length in LENGTHS:
        rows = rows.filter(minutes__range=LENGTHS[filters.length])
    in_use = Q(questions__retired_at__isnull=True)
    return rows.annotate(question_count=Count("questions", filter=in_use)).order_by(
        "category", "minutes", "title"
    )


def categories_in_use(kind: str) -> list[str]:
    rows = QuestionMain.objects.in_use().filter(kind=kind)
    return sorted(set(rows.values_list("category", flat=True)))


def questions_of(question_main: QuestionMain) -> Sequence[Question]:
    return list(question_main.questions.filter(retired_at__isnull=True).order_by("order"))
