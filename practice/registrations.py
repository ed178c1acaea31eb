"""What practice registers with the apps below it, once at start."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from accounts import personal_data, stored_rows
from accounts.models import StoredKind
from evaluation import subjects
from practice.expiring import register_expiring
from practice.models import (
    BoardPicture,
    DraftRevision,
    DraftRevisionHistory,
    Practice,
    PracticeHistory,
    Submission,
    SubmissionHistory,
    Whiteboard,
    WhiteboardHistory,
    WhiteboardRevision,
    WhiteboardRevisionHistory,
)
from practice.services.submissions import EVALUATION_KIND

if TYPE_CHECKING:
    from evaluation.models import Evaluation

STORED: tuple[tuple[Any, ...], ...] = (
    (StoredKind.ANSWERS, "session__user", Practice, PracticeHistory),
    (StoredKind.ANSWERS, "practice__session__user", DraftRevision, DraftRevisionHistory),
    (StoredKind.ANSWERS, "practice__session__user", Submission, SubmissionHistory),
    (StoredKind.BOARDS, "session__user", Whiteboard, WhiteboardHistory),
    (StoredKind.BOARDS, "session__user", WhiteboardRevision, WhiteboardRevisionHistory),
    (StoredKind.PICTURES, "user", BoardPicture),
)
"""What counts against a person's quota: kind, the way to the person, tables."""


def register_practice() -> None:
    from practice.services.own_data import erase_practice, export_practice

    subjects.register(EVALUATION_KIND, note_verdict)
    personal_data.register("practice", export=export_practice, erase=erase_practice)
    register_expiring()
    for kind, owner, *tables in STORED:
        for table in tables:
            stored_rows.register(kind, table, owner=owner)


def note_verdict(evaluation: Evaluation) -> None:
    """Nothing is copied: a submission reads its scores from its evaluation, in both tables."""
