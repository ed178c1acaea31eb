"""The library: sets in use, with the learner's progress in each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Q, QuerySet

from common.db import compiled
from practice.models import Question, QuestionMain
from practice.selectors.scores import SessionScore
from practice.selectors.standing import standing_of

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
    def narrows_sets(self) -> bool:
        """Whether the filters leave out sets of the kind, for any learner."""
        return any((self.category, self.difficulty, self.length, self.search))


@dataclass(frozen=True)
class LibrarySet:
    """What is shown of a set, the same for everyone."""

    pk: int
    slug: str
    kind: str
    title: str
    category: str
    difficulty: str
    minutes: int
    summary: str
    question_count: int


@dataclass(frozen=True)
class LibraryCard:
    """`state` is new, started or done; `score` belongs to the latest completed session."""

    question_main: LibrarySet
    state: str
    answered: int
    score: SessionScore | None

    @property
    def question_count(self) -> int:
        return self.question_main.question_count


@dataclass(frozen=True)
class Library:
    """`categories` are those of all sets of the kind, whatever else is filtered."""

    cards: tuple[LibraryCard, ...]
    categories: tuple[str, ...]


def library_of(*, user: User, filters: LibraryFilters) -> Library:
    """Two queries, and one more when sets are searched for."""
    sets = [LibrarySet(*row) for row in sets_in_use.all(kind=filters.kind)]
    chosen = matching(sets, filters) if filters.narrows_sets else sets
    standing, cards = standing_of(user), []
    for row in chosen:
        started, done = standing.started.get(row.pk), standing.done.get(row.pk)
        card = LibraryCard(
            question_main=row,
            state="started" if started else "done" if done else "new",
            answered=started.answered if started else 0,
            score=done if done and done.answered else None,
        )
        if filters.state in ("", card.state):
            cards.append(card)
    return Library(tuple(cards), tuple(sorted({row.category for row in sets})))


def matching(sets: list[LibrarySet], filters: LibraryFilters) -> list[LibrarySet]:
    rows = QuestionMain.objects.in_use().filter(kind=filters.kind)
    rows = rows.matching(
        category=filters.category, difficulty=filters.difficulty, search=filters.search
    )
    if filters.length in LENGTHS:
        rows = rows.filter(minutes__range=LENGTHS[filters.length])
    found = set(rows.order_by().values_list("pk", flat=True))
    return [row for row in sets if row.pk in found]


@compiled
def sets_in_use(kind: str) -> QuerySet[Any, Any]:
    in_use = Q(questions__retired_at__isnull=True)
    rows = QuestionMain.objects.in_use().filter(kind=kind).order_by("category", "minutes", "title")
    columns = (field.name for field in fields(LibrarySet))
    return rows.annotate(question_count=Count("questions", filter=in_use)).values_list(*columns)


def categories_in_use(kind: str) -> list[str]:
    rows = QuestionMain.objects.in_use().filter(kind=kind)
    return sorted(set(rows.values_list("category", flat=True)))


def questions_of(question_main: QuestionMain) -> Sequence[Question]:
    return list(question_main.questions.filter(retired_at__isnull=True).order_by("order"))
