"""Staff have answers run again: one, all of a test, all that failed, all of an assessment."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from common.errors import Conflict, NotFound
from judge.models import CodeRun
from sessions_app.assessments.selectors.plans import points_in
from sessions_app.proctoring.errors import NotScorable
from sessions_app.proctoring.models import ProctoredSession, SessionRun
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


def rescore_assessment(*, assessment_id: UUID, staff_id: int, now: datetime) -> int:
    """Score every ended test of an assessment again, each in a transaction of its own; how many
    runs were queued. Safe to interrupt and to run again."""
    tests = ProctoredSession.objects.filter(candidate__assessment_id=assessment_id)
    queued = 0
    for pk in tests.order_by("pk").values_list("pk", flat=True):
        try:
            queued += rescore_session(candidate_id=pk, staff_id=staff_id, now=now)
        except NotScorable:
            continue
    return queued


def rerun_for_staff(run: CodeRun, *, staff_id: int, now: datetime) -> int:
    """The console's *Run again*: the question of this run is scored again."""
    row = SessionRun.objects.filter(run=run).first()
    if row is None:
        raise Conflict("The test of this run is gone.")
    who = {"candidate_id": row.session_id, "staff_id": staff_id}
    return rescore_session(**who, question_id=row.question_id, now=now)
