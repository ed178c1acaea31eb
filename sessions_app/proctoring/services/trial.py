"""Runs in the practice room, before the test: of a toy question, and part of no test."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from common.clock import iso
from sessions_app.assessments.models import Candidate
from sessions_app.proctoring.errors import TooManyTrials, TrialIsOver
from sessions_app.proctoring.models import ProctoredSession, TrialRun
from sessions_app.proctoring.selectors.trial import toy_question
from sessions_app.proctoring.services.runs import (
    queue_run,
    refuse_large,
    refuse_too_many,
    refuse_unfit,
)

TRIAL = "test_trial"
RUNS_A_DAY = 100
DAY = timedelta(days=1)


@transaction.atomic
def request_trial_run(
    *, candidate_id: UUID, language: str, code: str, text: str | None, now: datetime
) -> TrialRun:
    """Queue a run of the toy question's samples, or of `text` as input.

    Raises, in this order: 413 for a code or input over 64 KiB, 409 once the test has started, 400
    for blank code and for a language that the test does not offer, 429 for a second run at once, a
    thirteenth in a minute and over 100 in a day, RunnerUnavailable (503).
    """
    refuse_large(code=code, input=text or "")
    # Two requests of one candidate wait for each other here: the limits are exact.
    candidate = Candidate.objects.select_for_update(of=("self",)).get(pk=candidate_id)
    if ProctoredSession.objects.filter(pk=candidate_id).exists():
        raise TrialIsOver
    question = toy_question()
    refuse_unfit(question, candidate.assessment, language=language, code=code)
    refuse_too_many(candidate.trial_runs.all(), then="The test has its own.", now=now)
    _refuse_over_a_day(candidate, now=now)
    run = queue_run(question, TRIAL, language=language, code=code, text=text, now=now)
    kind = TrialRun.Kind.SAMPLE if text is None else TrialRun.Kind.CUSTOM
    return TrialRun.objects.create(candidate=candidate, kind=kind, run=run, created_at=now)


def _refuse_over_a_day(candidate: Candidate, *, now: datetime) -> None:
    recent = candidate.trial_runs.filter(created_at__gt=now - DAY).order_by("-created_at")
    times = list(recent.values_list("created_at", flat=True)[:RUNS_A_DAY])
    if len(times) == RUNS_A_DAY:
        again = times[-1] + DAY
        raise TooManyTrials(
            extra={"limit": RUNS_A_DAY, "used": len(times), "resets_at": iso(again)},
            headers={"Retry-After": str(max(1, round((again - now).total_seconds())))},
        )
