"""Runs as people see them: their place in the queue, their cases with what was expected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q

from judge.checkers import Difference, first_difference
from judge.generating import BadRecipe
from judge.models import CaseResult, CodeRun, Verdict
from judge.specs import Case, CaseSpec

SHOWN_OF_HIDDEN = 4 * 1024


@dataclass(frozen=True)
class ShownCase:
    """A case beside what came of it; large texts of hidden cases are cut at 4 KiB."""

    case: Case
    result: CaseResult
    input: str
    expected: str | None
    difference: Difference | None


@dataclass(frozen=True)
class QueueState:
    by_status: dict[str, int]
    waiting_samples: int
    waiting_scoring: int
    oldest_wait: timedelta | None
    failed_last_day: int


def place_of(run: CodeRun) -> int | None:
    """How many queued runs come up to this one, itself included; None unless it is queued."""
    if run.status != CodeRun.Status.QUEUED:
        return None
    before = Q(priority__lt=run.priority) | Q(priority=run.priority, pk__lt=run.pk)
    return CodeRun.objects.filter(before, status=CodeRun.Status.QUEUED).count() + 1


def shown_cases(run: CodeRun, *, whole: bool = True) -> list[ShownCase]:
    """In their order; empty until the run has results. Not `whole`: large cases, whose texts take
    time to make, are shown by their recipe."""
    found = list(run.results.all())
    spec = CaseSpec.from_rows(run.case_set.cases, run.case_set.limits)
    known = [result for result in found if result.number <= len(spec.cases)]
    return [_shown(spec, result, whole) for result in sorted(known, key=lambda r: r.number)]


def _shown(spec: CaseSpec, result: CaseResult, whole: bool) -> ShownCase:  # noqa: FBT001
    case = spec.cases[result.number - 1]
    if case.made_by and not whole:
        recipe = f"{case.made_by['generate']} {case.made_by.get('args', [])}"
        return ShownCase(case, result, recipe, None, None)
    try:
        given, expected = case.texts()
    except BadRecipe as error:  # the function was renamed since
        given, expected = f"({error})", None
    difference = None
    if result.verdict == Verdict.WRONG_ANSWER and expected is not None and not result.output_cut:
        checker = spec.limits.checker
        difference = first_difference(checker, expected=expected, actual=result.output)
    if case.hidden:
        given, expected = given[:SHOWN_OF_HIDDEN], expected and expected[:SHOWN_OF_HIDDEN]
    return ShownCase(case, result, given, expected, difference)


def queue_state(*, now: datetime) -> QueueState:
    """A handful of counting queries."""
    runs = CodeRun.objects.order_by()
    by_status = {row["status"]: row["n"] for row in runs.values("status").annotate(n=Count("pk"))}
    waiting = runs.filter(status=CodeRun.Status.QUEUED)
    oldest = waiting.aggregate(at=Min("created_at"))["at"]
    return QueueState(
        by_status=by_status,
        waiting_samples=waiting.filter(priority=CodeRun.Priority.INTERACTIVE).count(),
        waiting_scoring=waiting.filter(priority=CodeRun.Priority.SCORING).count(),
        oldest_wait=now - oldest if oldest else None,
        failed_last_day=runs.filter(
            status=CodeRun.Status.FAILED, finished_at__gt=now - timedelta(days=1)
        ).count(),
    )
