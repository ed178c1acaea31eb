"""Staff have answers run again: one, all of a test, all that failed, all of an assessment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from common.errors import Conflict, NotFound
from judge.models import CodeRun
from sessions_app.assessments.selectors.plans import points_in
from sessions_app.proctoring.errors import NotScorable
from sessions_app.proctoring.models import SessionRun
from sessions_app.proctoring.services.locks import lock_session
from sessions_app.proctoring.services.scoring import is_scorable, queue_scoring
from sessions_app.proctoring.services.status import Cause, event_of


@transaction.atomic
def rescore_session(
    *, candidate_id: UUID, staff_id: int, question_id: UUID | None = None, now: datetime
) -> int:
    """Score an ended test again, or one question of it; how many runs were queued.

    The cases are those of now; results that stood before stay to be read. Raises NotScorable (409)
    before the end and for void tests, NotFound (404) for a question of another test.
    """
    session, _ = lock_session(candidate_id)
    if not is_scorable(session, now=now):
        raise NotScorable
    if question_id is not None and str(question_id) not in points_in(session.plan):
        raise NotFound("There is no such question in this test.")
    only = None if question_id is None else [question_id]
    queued = queue_scoring([session.pk], now=now, question_ids=only)
    cause = Cause(f"staff:{staff_id}", "rescored", detail={"runs": queued})
    event_of(session, cause, at=now).save()
    return queued


def rescore_sessions(
    candidate_ids: Iterable[UUID], *, staff_id: int, now: datetime
) -> tuple[int, int]:
    """Score ended tests again, each in a transaction of its own: runs queued, tests left out. Safe
    to interrupt and to run again."""
    queued = left_out = 0
    for pk in candidate_ids:
        try:
            queued += rescore_session(candidate_id=pk, staff_id=staff_id, now=now)
        except NotScorable:
            left_out += 1
    return queued, left_out


def rerun_for_staff(run: CodeRun, *, staff_id: int, now: datetime) -> int:
    """The console's *Run again*: the question of this run is scored again."""
    row = SessionRun.objects.filter(run=run).first()
    if row is None:
        raise Conflict("The test of this run is gone.")
    who = {"candidate_id": row.session_id, "staff_id": staff_id}
    return rescore_session(**who, question_id=row.question_id, now=now)
