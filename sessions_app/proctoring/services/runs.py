"""A candidate's own runs: the samples, or an input of theirs. A run never changes an answer."""

from __future__ import annotations

from datetime import datetime, timedelta
from math import ceil
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from common.clock import iso
from common.errors import Invalid, NotFound, TooLarge
from common.row_limits import limit_of
from common.text import is_blank
from judge.errors import RunnerUnavailable
from judge.models import CodeRun
from judge.selectors.health import runner_health
from judge.services.requests import RunRequest, request_runs
from sessions_app.assessments.models import Assessment, CodingQuestion
from sessions_app.assessments.policies import as_uuid
from sessions_app.assessments.selectors.judging import custom_spec, sample_spec
from sessions_app.assessments.selectors.plans import languages_of, points_in
from sessions_app.proctoring.errors import NotStarted, RunsAtOnce, TooManyRuns, not_active_error
from sessions_app.proctoring.models import ProctoredSession, SessionBeat, SessionRun
from sessions_app.proctoring.states import Status

MAX_CODE_BYTES = 64 * 1024
RUNS_A_MINUTE = 12
MINUTE = timedelta(minutes=1)
TEST_SAMPLE, TEST_CUSTOM = "test_sample", "test_custom"


@transaction.atomic
def request_session_run(
    *,
    candidate_id: UUID,
    question_id: str,
    language: str,
    code: str,
    text: str | None,
    now: datetime,
) -> SessionRun:
    """Queue a run of the samples, or of `text` as input. Sets `last_activity` and nothing else.

    Raises, in this order: 413 for a code or input over 64 KiB, 409 outside of the running test, 404
    for a question of another test, 400 for blank code and for a language that the test does not
    offer, 429 for a second run at once, more than the test has (`runs`) and a
    thirteenth in a minute, RunnerUnavailable (503).
    """
    refuse_large(code=code, input=text or "")
    session = _lock_running(candidate_id, now=now)
    question = _question(session, question_id)
    refuse_unfit(question, session.candidate.assessment, language=language, code=code)
    refuse_too_many(
        session.runs.exclude(kind=SessionRun.Kind.SCORING),
        then="Your code is still saved and scored.",
        now=now,
    )
    kind, subject = SessionRun.Kind.SAMPLE, TEST_SAMPLE
    if text is not None:
        kind, subject = SessionRun.Kind.CUSTOM, TEST_CUSTOM
    run = queue_run(question, subject, language=language, code=code, text=text, now=now)
    SessionBeat.objects.filter(pk=session.pk).update(last_activity=now)
    return SessionRun.objects.create(
        session=session, question=question, kind=kind, run=run, created_at=now
    )


def refuse_large(**texts: str) -> None:
    for name, text in texts.items():
        if len(text.encode(errors="surrogatepass")) > MAX_CODE_BYTES:
            raise TooLarge(f"At most 64 KB of {name}.")


def _lock_running(candidate_id: UUID, *, now: datetime) -> ProctoredSession:
    # Two requests of one candidate wait for each other here: the limits are exact.
    session = ProctoredSession.objects.select_for_update().filter(pk=candidate_id).first()
    if session is None:
        raise NotStarted
    if session.status != Status.ACTIVE or session.voided_at or now > session.deadline:
        raise not_active_error(session, now=now)
    return session


def _question(session: ProctoredSession, question_id: str) -> CodingQuestion:
    pk = as_uuid(question_id)
    if pk is None or str(pk) not in points_in(session.plan):
        raise NotFound("There is no such question in this test.")
    return CodingQuestion.objects.get(pk=pk)


def refuse_unfit(
    question: CodingQuestion, assessment: Assessment | None, *, language: str, code: str
) -> None:
    if is_blank(code):
        raise Invalid(fields={"code": ["There is no code to run."]})
    if language not in languages_of(question, assessment):
        raise Invalid(fields={"language": ["This test does not offer this language."]})


def refuse_too_many(own: QuerySet[Any], *, then: str, now: datetime) -> None:
    """`own` are rows with a `run` and `created_at`, of one candidate whose row is locked: of the
    test or of the practice room. `then` says what holds when none is left."""
    if own.filter(run__status__in=CodeRun.OPEN).exists():
        raise RunsAtOnce(headers={"Retry-After": "2"})
    if (used := own.count()) >= (limit := limit_of("runs")):
        raise TooManyRuns(
            f"All {limit:,} runs are used. {then}",
            extra={"limit": limit, "used": used, "resets_at": None},
        )
    recent = own.filter(created_at__gt=now - MINUTE).order_by("-created_at")
    times = list(recent.values_list("created_at", flat=True)[:RUNS_A_MINUTE])
    if len(times) == RUNS_A_MINUTE:
        again = times[-1] + MINUTE
        raise TooManyRuns(
            extra={"limit": RUNS_A_MINUTE, "used": len(times), "resets_at": iso(again)},
            headers={"Retry-After": str(max(1, ceil((again - now).total_seconds())))},
        )


def queue_run(
    question: CodingQuestion,
    subject: str,
    *,
    language: str,
    code: str,
    text: str | None,
    now: datetime,
) -> CodeRun:
    """Of the samples, or of `text` as input; raises RunnerUnavailable (503)."""
    known = runner_health(now=now).of(language)
    if not known.available:
        raise RunnerUnavailable(extra={"reason": known.reason})
    spec = sample_spec(question) if text is None else custom_spec(question, text)
    wanted = RunRequest(
        subject, CodeRun.Priority.INTERACTIVE, language=language, source=code, spec=spec
    )
    [run] = request_runs([wanted], now=now)
    return run
