"""Lists for staff: assessments with their numbers, candidates with how far they are."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)  # fmt: skip
from django.db.models.functions import Coalesce

from sessions_app.assessments.models import Assessment, AssessmentQuestion, Candidate
from sessions_app.proctoring.states import Method, Status

CANDIDATE_STATES = (
    "created", "invited", "opened", "active", "completed", "abandoned", "expired", "voided",
)  # fmt: skip


def assessments_with_numbers() -> QuerySet[Assessment]:
    """`n_questions`, `n_candidates`, `n_completed`."""
    asked = AssessmentQuestion.objects.filter(section__assessment=OuterRef("pk"))
    invited = Candidate.objects.filter(assessment=OuterRef("pk"))
    completed = invited.filter(session__status=Status.COMPLETED, session__voided_at__isnull=True)
    return Assessment.objects.annotate(
        n_questions=_count(asked, "section__assessment"),
        n_candidates=_count(invited, "assessment"),
        n_completed=_count(completed, "assessment"),
    )


def _count(rows: QuerySet[Any], by: str) -> Coalesce:
    counted = rows.order_by().values(by).annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def candidates_with_state(*, now: datetime) -> QuerySet[Candidate]:
    """`state`: one of `CANDIDATE_STATES`. Expired: the time ran out, whether the page was open or
    had been left. Opened: the personal link was."""
    late = Q(session__status=Status.ABANDONED, session__deadline__lt=now)
    ran_out = Q(session__completion_method=Method.TIMER_EXPIRED)
    state = Case(
        When(session__voided_at__isnull=False, then=Value("voided")),
        When(ran_out | late, then=Value("expired")),
        When(session__isnull=False, then=F("session__status")),
        When(link_opened_at__isnull=False, then=Value("opened")),
        When(invited_at__isnull=False, then=Value("invited")),
        default=Value("created"),
        output_field=CharField(),
    )
    return Candidate.objects.annotate(state=state)


def search_candidates(rows: QuerySet[Candidate], words: str) -> QuerySet[Candidate]:
    """Each word is part of the name or of the address."""
    for word in words.split()[:8]:
        rows = rows.filter(Q(name__icontains=word) | Q(email__icontains=word))
    return rows
