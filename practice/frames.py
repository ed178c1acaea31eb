"""Where each question's frame lies on a new board: side by side, in the order of the questions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol

WIDTH, HEIGHT, GAP = 1200, 800, 200  # what half a laptop's screen shows at a readable size


class Numbered(Protocol):
    @property
    def question_id(self) -> int: ...
    @property
    def order(self) -> int: ...
    @property
    def title(self) -> str: ...


def frames_of(questions: Iterable[Numbered]) -> list[dict[str, Any]]:
    """One frame a question, in scene pixels; the reader knows it by `question_id` or `name`."""
    return [
        {
            "id": f"question-{q.question_id}",
            "question_id": q.question_id,
            "order": q.order,
            "name": f"{q.order}. {q.title}",
            "x": (q.order - 1) * (WIDTH + GAP),
            "y": 0,
            "width": WIDTH,
            "height": HEIGHT,
        }
        for q in questions
    ]
