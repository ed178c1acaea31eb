"""A demo candidate, invited to the demo assessment."""

from __future__ import annotations

from django.db import transaction

from sessions_app.assessments.models import Candidate
from sessions_app.assessments.services.demo import ensure_demo_assessment
from sessions_app.proctoring.models import ProctoredSession
from sessions_app.proctoring.states import Status

EMAIL = "candidate@example.com"


@transaction.atomic
def ensure_demo_candidate() -> Candidate:
    """A candidate who can still sit the demo test: the last one, or a new one when it is over."""
    assessment = ensure_demo_assessment()
    over = ProctoredSession.objects.filter(status=Status.COMPLETED)
    candidate = (
        Candidate.objects.filter(assessment=assessment, email=EMAIL)
        .exclude(pk__in=over.values("pk"))
        .order_by("-created_at")
        .first()
    )
    return candidate or Candidate.objects.create(
        name="Dana Demo", email=EMAIL, assessment=assessment
    )
