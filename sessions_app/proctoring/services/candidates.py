"""Invites candidates: the row, the token and the link."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.urls import reverse

from sessions_app.proctoring.models import Assessment, Candidate
from sessions_app.proctoring.rules import MAX_MINUTES, planned_minutes
from sessions_app.proctoring.tokens import sign_token

# A sitting outlives its invitation: the longest test, extra minutes, and a day for what goes wrong.
SITTING = timedelta(minutes=2 * MAX_MINUTES, days=1)


@dataclass(frozen=True)
class Invitation:
    candidate: Candidate
    token: str

    @property
    def path(self) -> str:
        return reverse("proctoring:enter", args=[self.token])


@transaction.atomic
def create_candidate(
    *, name: str, email: str, assessment: Assessment | None = None, extra_minutes: int = 0
) -> Candidate:
    return Candidate.objects.create(
        name=name, email=email, assessment=assessment, extra_minutes=extra_minutes
    )


def minutes_of(candidate: Candidate) -> int:
    """How long the test will be that this candidate is invited to."""
    assessment = candidate.assessment
    return planned_minutes(
        assessment_minutes=assessment.duration_minutes if assessment else None,
        asked=None,
        extra=candidate.extra_minutes,
    )


def invite(*, candidate: Candidate, now: datetime) -> Invitation:
    """Sign a fresh token; those signed before stay good until they expire or are revoked."""
    token = sign_token(candidate_id=candidate.pk, version=candidate.token_version, now=now)
    return Invitation(candidate, token)


def sitting_token(*, candidate: Candidate, now: datetime) -> str:
    """The token for the cookie: it lasts the sitting, however old the invitation is."""
    return sign_token(
        candidate_id=candidate.pk, version=candidate.token_version, now=now, lifetime=SITTING
    )
