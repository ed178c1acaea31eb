"""Submitting an answer: it becomes the draft, is kept unchanged, and is queued for feedback."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max

from accounts.services import storage
from common.drafts import size_of
from common.errors import LimitReached
from evaluation.services.requests import request_evaluation
from practice.models import Practice, Submission
from practice.rubrics import rubric_of
from practice.selectors.boards import Drawing
from practice.services.drafts import lock_practice, put_draft, save_draft
from practice.services.sessions import note_save

if TYPE_CHECKING:
    from accounts.models import User

EVALUATION_KIND = "practice_submission"


@transaction.atomic
def submit_answer(  # noqa: PLR0913 - one call, one try
    *,
    user: User,
    session_id: int,
    question_id: int,
    answer_text: str,
    now: datetime,
    base_version: int | None = None,
    active_seconds: int | None = None,
    after_tries: int | None = None,
    drawing: Drawing | None = None,
) -> Submission:
    """Keep the answer as a new, numbered try and request its evaluation.

    `drawing` is what `drawing_for` read before this transaction began. `after_tries` is how many
    tries the page showed: a second click on the same button then finds the try that the first one
    made. The text also becomes the draft. Raises SessionCompleted (409) and LimitReached (429) when
    today's feedback is used up; the text is kept in both cases.
    """
    practice = lock_practice(user, session_id, question_id, late_text=answer_text, now=now)
    if after_tries is not None:
        newer = practice.submissions.filter(number__gt=after_tries, answer_text=answer_text)
        if newest := newer.order_by("-number").first():
            return newest
    base = practice.version if base_version is None else base_version
    put_draft(practice, answer_text, base, active_seconds=active_seconds, now=now)
    note_save(practice.session, now=now)
    try:
        return add_try(practice, answer_text, drawing, now=now)
    except LimitReached as refusal:
        refusal.keep = lambda: save_draft(
            user=user,
            session_id=session_id,
            question_id=question_id,
            answer_text=answer_text,
            base_version=base,
            now=now,
        )
        raise


def add_try(
    practice: Practice, answer_text: str, drawing: Drawing | None, *, now: datetime
) -> Submission:
    """Number the answer, and queue it for evaluation with what the board shows for its question."""
    board = {"elements": drawing.elements} if drawing else None
    read = drawing.text if drawing else None
    stored = size_of(answer_text, board, read)
    # Before the day's feedback is taken: saves hold these two rows in this order too.
    storage.add_bytes(user=practice.session.user, now=now, answers=stored)
    evaluation = request_evaluation(
        owner=practice.session.user,
        kind=EVALUATION_KIND,
        rubric=rubric_of(practice.question),
        answer=answer_text,
        diagram=drawing.diagram if drawing else None,
        now=now,
    )
    return Submission.objects.create(
        practice=practice,
        number=(practice.submissions.aggregate(last=Max("number"))["last"] or 0) + 1,
        answer_text=answer_text,
        board=board,
        board_hash=drawing.hash if drawing else "",
        diagram=read,
        stored_bytes=stored,
        submitted_at=now,
        evaluation=evaluation,
    )
