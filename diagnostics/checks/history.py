"""History that is incomplete, or that is in both places."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef

from diagnostics.models import Severity
from diagnostics.types import Check, Problem, Scope, problems_of
from practice.models import PracticeHistory, PracticeMain, PracticeMainHistory


def find_gaps(scope: Scope) -> Iterable[Problem]:
    questions = PracticeHistory.objects.filter(session_id=OuterRef("pk"))
    rows = PracticeMainHistory.objects.filter(~Exists(questions))
    return problems_of(scope, rows, "It has no questions.")


def find_in_both(scope: Scope) -> Iterable[Problem]:
    past = PracticeMainHistory.objects.filter(pk=OuterRef("pk"))
    rows = PracticeMain.objects.filter(Exists(past))
    return problems_of(scope, rows, "It is live and in history.")


CHECKS = [
    Check(
        name="history_gaps",
        title="Completed sessions without their questions",
        reason="A move to history was torn: the review page is empty.",
        severity=Severity.HIGH,
        find=find_gaps,
        by_hand="bring the questions back from a backup, or delete the session in the admin",
    ),
    Check(
        name="live_and_past",
        title="Sessions that are live and in history",
        reason="A session is in one place: two would be answered differently.",
        severity=Severity.HIGH,
        find=find_in_both,
        by_hand="compare the words of both, keep the fuller one",
    ),
]
