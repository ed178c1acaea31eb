"""Scoring: every answered question of a test that has ended is run against its hidden cases.

The rows are made in the transaction that ends the test, so an ended test without them cannot be,
however soon afterwards a process dies.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from judge.models import CodeRun
from judge.services.requests import RunRequest, cancel_runs, request_runs
from sessions_app.assessments.models import CodingQuestion
from sessions_app.assessments.selectors.judging import hidden_spec
from sessions_app.assessments.selectors.plans import languages_of, points_in
from sessions_app.assessments.services.coding_bank import SOLUTIONS
from sessions_app.proctoring.models import ProctoredSession, SessionEvent, SessionRun
from sessions_app.proctoring.models.records import text_of
from sessions_app.proctoring.states import Status, Who

log = logging.getLogger(__name__)

TEST_SCORING = "test_scoring"
# A left test can be resumed until its deadline, and a save be taken 30 s later.
SCORED_AFTER = timedelta(seconds=30)
AT_ONCE = 50
COUNTING = {"kind": SessionRun.Kind.SCORING, "counts": True}


@transaction.atomic
def queue_scoring(
    candidate_ids: Iterable[UUID],
    *,
    now: datetime,
    question_ids: Iterable[UUID] | None = None,
) -> int:
    """Queue the answered questions of these ended tests, or the given ones of them; how many.

    Runs that counted before no longer do; those that still wait are cancelled. Void tests are left
    out. The caller holds the tests' locks.
    """
    sessions = list(
        ProctoredSession.objects.select_related("candidate__assessment")
        .defer("writers")
        .filter(pk__in=list(candidate_ids), voided_at__isnull=True)
        .order_by("pk")
    )
    wanted = {pk for session in sessions for pk in points_in(session.plan)}
    if question_ids is not None:
        wanted &= set(map(str, question_ids))
    questions = {str(question.pk): question for question in _questions(wanted)}
    ids = [session.pk for session in sessions]
    withdraw_scoring(ids, now=now, question_ids=wanted)
    ProctoredSession.objects.filter(pk__in=ids).update(scoring_asked_at=now)
    asked = [
        (SessionRun(session=session, question=question, created_at=now, **COUNTING), request)
        for session in sessions
        for question, request in _requests_of(session, questions)
    ]
    for (row, _), run in zip(asked, request_runs([r for _, r in asked], now=now), strict=True):
        row.run = run
    SessionRun.objects.bulk_create([row for row, _ in asked])
    return len(asked)


def _requests_of(
    session: ProctoredSession, questions: Mapping[str, CodingQuestion]
) -> Iterator[tuple[CodingQuestion, RunRequest]]:
    """For each answered question of `questions` in the test."""
    for pk in points_in(session.plan):
        question = questions.get(pk)
        if question is None or not is_answered(question, session.pending_answers.get(pk)):
            continue
        try:
            yield question, _request(session, question)
        except (KeyError, IndexError, TypeError, ValueError):
            # A question that somebody damaged must not keep a test from ending.
            log.exception("question %s cannot be scored", question.slug)


@transaction.atomic
def withdraw_scoring(
    candidate_ids: Iterable[UUID], *, now: datetime, question_ids: Iterable[Any] | None = None
) -> None:
    """What was scored no longer counts: the test goes on, is void, or is scored again."""
    counting = SessionRun.objects.filter(session__in=list(candidate_ids), counts=True)
    if question_ids is None:
        ProctoredSession.objects.filter(pk__in=list(candidate_ids)).update(scoring_asked_at=None)
    else:
        counting = counting.filter(question__in=list(question_ids))
    run_ids = list(counting.values_list("run_id", flat=True))
    if run_ids:
        SessionRun.objects.filter(run__in=run_ids).update(counts=False)
        cancel_runs(run_ids, now=now)


def score_abandoned(*, now: datetime) -> int:
    """Queue tests that were left and whose time is over since, unless they have been; how many."""
    ids = list(unscored_at(now).order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    queued = 0
    for pk in ids:
        with transaction.atomic():
            held = ProctoredSession.objects.select_for_update(skip_locked=True)
            # Asked again under the lock: another sweep, or the candidate, may have been here.
            if held.filter(pk=pk, pk__in=unscored_at(now).values("pk")).exists():
                queued += queue_scoring([pk], now=now)
    return queued


def unscored_at(now: datetime) -> QuerySet[ProctoredSession]:
    """Ended tests for which no scoring was asked since they ended."""
    left = ProctoredSession.objects.filter(
        status=Status.ABANDONED, deadline__lt=now - SCORED_AFTER, voided_at__isnull=True
    )
    return left.filter(scoring_asked_at__isnull=True)


def is_scorable(session: ProctoredSession, *, now: datetime) -> bool:
    """Over for good, and not void."""
    if session.voided_at or session.status == Status.ACTIVE:
        return False
    return session.status == Status.COMPLETED or now > session.deadline + SCORED_AFTER


def is_answered(question: CodingQuestion, value: Any) -> bool:
    """Differs from the boiler plate of its language in more than white space."""
    written = "".join(text_of(value).split())
    plates = {"".join(plate.split()) for plate in question.boiler_plate.values()}
    return bool(written) and written not in plates


def tell_staff(run: CodeRun) -> None:
    """What is called when a scoring run ends: one without a verdict stands in the test's log."""
    if run.status != CodeRun.Status.FAILED or run.finished_at is None:
        return
    row = SessionRun.objects.select_related("question").get(run=run)
    SessionEvent.objects.create(
        session_id=row.session_id,
        kind=SessionEvent.Kind.CLOCK,
        type="not_scored",
        who=Who.CLOCK,
        why=f"{row.question.title}: {run.error}"[:300],
        detail={"run": run.pk},
        at=run.finished_at,
    )


def _questions(ids: Iterable[str]) -> QuerySet[CodingQuestion]:
    return CodingQuestion.objects.defer("question", *SOLUTIONS.values(), "naive").filter(
        pk__in=list(ids)
    )


def _request(session: ProctoredSession, question: CodingQuestion) -> RunRequest:
    value = session.pending_answers[str(question.pk)]
    offered = languages_of(question, session.candidate.assessment)
    language = value.get("language") if isinstance(value, dict) else None
    return RunRequest(
        kind=TEST_SCORING,
        priority=CodeRun.Priority.SCORING,
        # Plain text, or a language that was not offered: the question's first.
        language=language if language in offered else offered[0],
        source=text_of(value),
        spec=hidden_spec(question),
    )
