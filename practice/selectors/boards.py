"""What the board shows for one question, read once and known again by its hash."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from evaluation.types import Diagram
from practice.models import Practice, Submission
from practice.scene_reader import elements_of_question, read_elements

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class Drawing:
    """The elements in the question's frame, what was read from them as JSON (`{"boxes", "arrows",
    "notes", "remarks"}`), and the SHA-256 of the elements: 64 hex digits."""

    elements: list[dict[str, Any]]
    text: dict[str, Any]
    hash: str

    @property
    def diagram(self) -> Diagram:
        return Diagram.from_json(self.text)


def drawing_for(user: User, *, session_id: int, question_id: int) -> Drawing | None:
    """The drawing of a question that is practiced; None when nothing is drawn, or no such question.

    The largest board takes up to a second: call it outside any transaction. A drawing that an
    earlier try was handed in with is not read again.
    """
    asked = Practice.objects.filter(
        session_id=session_id, session__user=user, question_id=question_id
    )
    found = asked.values_list("pk", "order", "session__board__scene").first()
    if found is None or found[2] is None:
        return None
    practice_id, order, scene = found
    elements = elements_of_question(scene, question_id=question_id, order=order)
    if not elements:
        return None
    digest = hashlib.sha256(orjson.dumps(elements, option=orjson.OPT_SORT_KEYS)).hexdigest()
    known = Submission.objects.filter(practice_id=practice_id, board_hash=digest)
    text = known.values_list("diagram", flat=True).first()
    kept = [dict(element) for element in elements]
    return Drawing(kept, text or read_elements(elements).to_json(), digest)
