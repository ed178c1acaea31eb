"""Checking a question before candidates see it: its reference solutions against every case, through
the queue that runs candidates' code."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from common.row_limits import limit_of
from judge.models import CodeRun
from judge.services.requests import RunRequest, request_runs
from judge.specs import CaseSpec
from sessions_app.assessments.errors import TooManyChecks
from sessions_app.assessments.models import CodingQuestion
from sessions_app.assessments.selectors.judging import hidden_spec, sample_spec
from sessions_app.assessments.services.coding_bank import SOLUTIONS

QUESTION_CHECK = "question_check"


@transaction.atomic
def request_check(question: CodingQuestion, *, now: datetime) -> list[CodeRun]:
    """Queue each reference solution with all samples and then all hidden cases; the question need
    not be stored. Empty without a solution. Raises TooManyChecks (429).

    Candidates' samples go first: what waits here never delays them.
    """
    solutions = {name: getattr(question, field) for name, field in SOLUTIONS.items()}
    wanted = {name: source for name, source in solutions.items() if source.strip()}
    waiting = CodeRun.objects.unfinished().filter(kind=QUESTION_CHECK).count()
    if waiting + len(wanted) > limit_of("checks_waiting"):
        raise TooManyChecks(headers={"Retry-After": "10"})
    hidden = hidden_spec(question)
    spec = CaseSpec(sample_spec(question).cases + hidden.cases, hidden.limits)
    requests = [
        RunRequest(QUESTION_CHECK, CodeRun.Priority.SCORING, language, source, spec)
        for language, source in wanted.items()
    ]
    return request_runs(requests, now=now)
