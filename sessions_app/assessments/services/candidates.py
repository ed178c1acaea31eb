"""Candidates and their links: the row, the signed token, and the withdrawal of all links.
The mail that carries a link is `services.invitations`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts.services import audit
from common.jobs import RELEASED
from sessions_app.assessments.models import Assessment, Candidate, InvitationMail
from sessions_app.assessments.rules import MAX_MINUTES
from sessions_app.assessments.tokens import sign_token

# Entries of the audit that say who may know a link.
LINK_SHOWN, LINK_MAILED, LINK_OPENED = (
    "candidate.link_shown",
    "candidate.invited",
    "candidate.link_opened",
)
# Tokens outlive the test: the longest test, extra minutes, and a day for what goes wrong.
SITTING = timedelta(minutes=2 * MAX_MINUTES, days=1)


@dataclass(frozen=True)
class Invitation:
    candidate: Candidate
    token: str

    @property
    def path(self) -> str:
        return reverse("proctoring:enter", args=[self.token])

    @property
    def url(self) -> str:
        return settings.SITE_URL + self.path


@transaction.atomic
def create_candidate(
    *, name: str, email: str, assessment: Assessment | None = None, extra_minutes: int = 0
) -> Candidate:
    candidate = Candidate.objects.create(
        name=name, email=email, assessment=assessment, extra_minutes=extra_minutes
    )
    audit.record("candidate.created", subject=candidate, extra_minutes=extra_minutes)
    return candidate


def show_link(*, candidate: Candidate, now: datetime) -> Invitation:
    """An invitation whose link a member of staff is shown: whoever knows a link can sit the test,
    so the audit says who was shown it."""
    audit.record(LINK_SHOWN, subject=candidate)
    return invite(candidate=candidate, now=now)


def invite(*, candidate: Candidate, now: datetime) -> Invitation:
    """Sign a new token; those signed before stay valid until they expire or are withdrawn."""
    token = sign_token(candidate_id=candidate.pk, version=candidate.token_version, now=now)
    return Invitation(candidate, token)


@transaction.atomic
def withdraw_tokens(*, candidate_id: UUID, staff_id: int, reason: str) -> Candidate:
    """Invalidate every token and link signed so far (within 60 s everywhere), and cancel an
    invitation that waits to be sent."""
    candidate = Candidate.objects.select_for_update().get(pk=candidate_id)
    candidate.token_version += 1
    candidate.save(update_fields=["token_version"])
    waiting = InvitationMail.objects.unfinished().filter(candidate=candidate)
    waiting.update(status=InvitationMail.Status.CANCELLED, **RELEASED)
    audit.record("candidate.links_withdrawn", subject=candidate, actor=staff_id, reason=reason)
    return candidate


def note_link_opened(*, candidate: Candidate, now: datetime) -> None:
    """Keep when the candidate first opened the link."""
    if candidate.link_opened_at is None:
        unopened = Candidate.objects.filter(pk=candidate.pk, link_opened_at=None)
        unopened.update(link_opened_at=now)


def sitting_token(*, candidate: Candidate, now: datetime) -> str:
    """The token for the cookie: it lasts for the test, however old the invitation is."""
    return sign_token(
        candidate_id=candidate.pk, version=candidate.token_version, now=now, lifetime=SITTING
    )
